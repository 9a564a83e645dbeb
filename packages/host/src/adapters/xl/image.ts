/** What a domain's first disk is made of. */
export interface XlDisk {
  /** The image file, which is copied. */
  readonly path: string;
  /** As xl-disk-configuration(5) names them. */
  readonly format: "raw" | "qcow2";
  /** `whole`: with a partition table; the guest has it as xvda. `filesystem`: one file system, as xvda1. */
  readonly layout: "whole" | "filesystem";
}

/** How a domain finds its kernel. */
export type XlBoot =
  | {
      readonly kind: "kernel";
      readonly kernel: string;
      readonly ramdisk?: string;
      readonly commandLine: string;
    }
  /** From the boot menu on its first disk. */
  | { readonly kind: "pygrub" };

/** An image as the operator configures it. */
export interface XlImage {
  readonly type: "pv" | "pvh";
  readonly boot: XlBoot;
  /** Absent where the whole system is in the ramdisk. */
  readonly disk?: XlDisk;
}
