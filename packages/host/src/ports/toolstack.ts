/** A domain as its toolstack shows it. */
export interface DomainInfo {
  /** Of the virtual machine, which a reboot keeps. */
  readonly uuid: string;
  readonly domid: number;
  readonly name: string;
}

/** A network card. */
export interface VifSpec {
  readonly index: number;
  readonly mac: string;
  readonly bridge: string;
}

/** A disk of the host for a domain, beside those that it boots with. */
export interface DiskSpec {
  /** As the guest has it: `xvdc` to `xvdz`. */
  readonly device: string;
  /** An image file or a block device of the host. */
  readonly path: string;
  readonly format: "raw" | "qcow2";
}

/** A domain to be made. */
export interface DomainSpec {
  readonly uuid: string;
  readonly name: string;
  readonly memoryMib: number;
  readonly vcpus: number;
  /**
   * `own` boots the instance's disk, made of the image at its first start; `rescue` boots a fresh disk of
   * the image, with the instance's own as the second one, `/dev/xvdb`.
   */
  readonly boot: "own" | "rescue";
  /** What the toolstack knows the image by. */
  readonly image: string;
  readonly vifs: readonly VifSpec[];
  /** Where the toolstack has disks to attach. */
  readonly disks?: readonly DiskSpec[];
  /** Written before it boots: text by path below `vm-data`, such as `networking/00163e4a100b`. */
  readonly vmData: Readonly<Record<string, string>>;
}

/**
 * Makes and ends the domains of one host. Every wait has a limit; what fails throws TOOLSTACK_FAILED with
 * the tool's own words. A domain that is not there throws NO_SUCH_DOMAIN.
 */
export interface Toolstack {
  list(): Promise<readonly DomainInfo[]>;
  find(uuid: string): Promise<DomainInfo | undefined>;
  /** Resolves when the domain runs; its guest may still be booting. */
  create(spec: DomainSpec): Promise<DomainInfo>;
  /** Asks the guest to shut down; throws TOOLSTACK_FAILED when it has not within the time. */
  shutdown(uuid: string, options: { readonly timeoutMs: number }): Promise<void>;
  /** Resolves with the new domain when it runs; it has `vm-data` and the network cards as they were last. */
  reboot(uuid: string, kind: "soft" | "hard"): Promise<DomainInfo>;
  /** Ends the domain at once. Its own disk stays. Nothing happens when it does not run. */
  destroy(uuid: string): Promise<void>;
  /** Removes what is left of an instance that does not run. */
  removeDisks(uuid: string): Promise<void>;
  /** Nothing happens when this very card is there already. */
  attachVif(uuid: string, vif: VifSpec): Promise<void>;
  /** Nothing happens when there is no such card. */
  detachVif(uuid: string, mac: string): Promise<void>;
  /** What the guest wrote to its console; undefined where nobody keeps it. */
  consoleLog(uuid: string): Promise<string | undefined>;
  close(): Promise<void>;
}

/** A toolstack that has disks of its host to attach. */
export interface DiskToolstack extends Toolstack {
  /** Nothing happens when this very disk is there already. A reboot keeps it. */
  attachDisk(uuid: string, disk: DiskSpec): Promise<void>;
  /**
   * Nothing happens when there is no such disk. xl takes one away that a guest with Linux 6.1 has open, too;
   * what is not written by then is lost.
   */
  detachDisk(uuid: string, device: string): Promise<void>;
}
