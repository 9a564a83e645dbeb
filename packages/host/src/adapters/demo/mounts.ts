import { type Mount, mountOf, mountsBelow } from "./mount-table.ts";
import type { Argv } from "./program.ts";

/** A directory or file of the machine that the guest sees, read-only, at `target` in its own tree. */
export interface SharedPath {
  readonly source: string;
  /** Absolute, as seen from inside the tree. */
  readonly target: string;
  /** Directories whose content is laid over the source, the first on top. */
  readonly layers?: readonly string[];
}

/** What makes a tree of files into the guest's root. */
export interface MountPlanOptions {
  /** The tree on the machine: an absolute path. */
  readonly tree: string;
  readonly shared: readonly SharedPath[];
  /** Device nodes of the machine, such as `/dev/null`. */
  readonly devices: readonly string[];
  /** The guest's XenStore socket on the machine, and where the guest finds it. */
  readonly socket: { readonly source: string; readonly target: string };
  /** A second tree that the guest sees, to be repaired. */
  readonly rescued?: { readonly source: string; readonly target: string } | undefined;
  /** Files of the guest's own that it sees in place of the kernel's below /proc, each by its paths in the guest. */
  readonly ownProcFiles?: readonly { readonly source: string; readonly target: string }[];
  /** The machine's mounts. */
  readonly mounts: readonly Mount[];
}

/** Where the machine's root is for the moment between pivot_root(2) and its removal. */
export const OLD_ROOT = "/.old-root";

/**
 * The commands that make the tree a mount of its own and put into it what the guest shares with the
 * machine. They run in the guest's mount namespace, while its root is still the machine's.
 */
export function planMounts(options: MountPlanOptions): Argv[] {
  const { tree, rescued, socket, ownProcFiles = [] } = options;
  return [
    ["mount", "--bind", tree, tree],
    ...planMachineParts(tree, options),
    ...(rescued === undefined ? [] : planRescued(rescued, options)),
    ["mount", "--bind", socket.source, tree + socket.target],
    // While the machine's is still in sight: without one, a user namespace may not mount another.
    ["mount", "-t", "proc", "-o", "nosuid,nodev,noexec", "proc", `${tree}/proc`],
    ...ownProcFiles.map(({ source, target }): Argv => ["mount", "--bind", tree + source, tree + target]),
  ];
}

/** The commands that make the tree the root directory of the namespace and forget the machine's. */
export function planPivot(tree: string): Argv[] {
  return [
    ["pivot_root", tree, tree + OLD_ROOT],
    ["umount", "--lazy", OLD_ROOT],
  ];
}

function planMachineParts(tree: string, { shared, devices, mounts }: MountPlanOptions): Argv[] {
  return [
    ...shared.flatMap((path) => planSharedPath(path, { tree, mounts })),
    ...devices.map((path): Argv => ["mount", "--bind", path, tree + path]),
  ];
}

// With the machine's programs in it, so that chroot(8) into it works.
function planRescued(
  { source, target }: { readonly source: string; readonly target: string },
  options: MountPlanOptions,
): Argv[] {
  const tree = options.tree + target;
  return [["mount", "--bind", source, tree], ...planMachineParts(tree, options)];
}

function planSharedPath(
  path: SharedPath,
  { tree, mounts }: Pick<MountPlanOptions, "tree" | "mounts">,
): Argv[] {
  const { source, layers = [] } = path;
  const target = tree + path.target;
  if (layers.length > 0) {
    const lower = [...layers, source].join(":");
    return [["mount", "-t", "overlay", "-o", `ro,lowerdir=${lower}`, "overlay", target]];
  }
  // Everything below comes along: the kernel does not let a user namespace uncover what a mount hides.
  const below = mountsBelow(mounts, source).map((mount): Argv =>
    makeReadOnly(target + mount.path.slice(source.length), mount),
  );
  return [["mount", "--rbind", source, target], makeReadOnly(target, mountOf(mounts, source)), ...below];
}

const LOCKED_OPTIONS = ["nosuid", "nodev", "noexec", "noatime", "nodiratime", "relatime"];

// In a user namespace the options of the machine's mount are locked, so a remount must repeat them.
function makeReadOnly(target: string, mount: Mount | undefined): Argv {
  const kept = LOCKED_OPTIONS.filter((option) => mount?.options.includes(option) ?? false);
  return ["mount", "-o", ["remount", "bind", "ro", ...kept].join(","), target];
}
