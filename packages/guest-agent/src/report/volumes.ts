import { VOLUMES_MAX } from "./limits.ts";

/** A partition, or a disk without any, of a virtual block device. */
export interface Volume {
  /** Such as `/dev/xvda1`. */
  readonly path: string;
  /** The file system's, where udev(7) tells it. */
  readonly uuid: string | undefined;
  readonly sizeBytes: number;
  /** What the host calls the disk behind it: the backend's `dev`, such as `sda` or `dm-3`. */
  readonly backend: string | undefined;
  readonly use: VolumeUse | undefined;
}

/** What a volume is used for. */
export type VolumeUse =
  | { readonly kind: "lvm" }
  | {
      readonly kind: "mounted";
      readonly filesystem: string;
      readonly mountPoint: string;
      readonly freeBytes: number | undefined;
    };

/** What is published of them, numbered from 0. */
export function volumeNodes(volumes: readonly Volume[]): ReadonlyMap<string, string> {
  return new Map(
    volumes
      .slice(0, VOLUMES_MAX)
      .flatMap((volume, index) =>
        valuesOf(volume).map(([name, value]): [string, string] => [`data/volumes/${index}/${name}`, value]),
      ),
  );
}

function valuesOf(volume: Volume): (readonly [string, string])[] {
  const { path, uuid, sizeBytes, backend, use } = volume;
  return [
    ["name", uuid === undefined ? path : `${path}(${uuid})`],
    ["size", String(sizeBytes)],
    ...(backend === undefined ? [] : [["extents/0", backend] as const]),
    ...(use === undefined ? [] : useValues(use)),
  ];
}

function useValues(use: VolumeUse): (readonly [string, string])[] {
  if (use.kind === "lvm") {
    return [
      ["filesystem", "lvm2"],
      ["mount_points/0", "[LVM]"],
    ];
  }
  const { filesystem, mountPoint, freeBytes } = use;
  return [
    ["filesystem", filesystem],
    ["mount_points/0", mountPoint],
    ...(freeBytes === undefined ? [] : [["free", String(freeBytes)] as const]),
  ];
}

/** A mount of `/proc/self/mountinfo` (proc(5)). */
export interface Mount {
  /** `major:minor` of the file system, which is none of a device's with btrfs. */
  readonly device: string;
  readonly mountPoint: string;
  readonly filesystem: string;
  /** Such as `/dev/xvda1`. */
  readonly source: string;
  /** Whether the whole file system is mounted there, not a directory of it. */
  readonly isWhole: boolean;
}

/** Reads it; a line that is none is passed over. */
export function parseMountinfo(text: string): readonly Mount[] {
  return text.split("\n").flatMap((line) => {
    const [front = "", behind = ""] = line.split(" - ", 2);
    const [, , device, root, mountPoint] = front.split(" ");
    const [filesystem, source] = behind.split(" ");
    if (device === undefined || mountPoint === undefined || filesystem === undefined) return [];
    return [
      {
        device,
        mountPoint: unescapeOctal(mountPoint),
        filesystem,
        source: unescapeOctal(source ?? ""),
        isWhole: root === "/",
      },
    ];
  });
}

/** The mount that a volume is known by: the first of the whole file system, or else of a part. */
export function mountOf(
  mounts: readonly Mount[],
  { path, device }: { readonly path: string; readonly device: string },
): Mount | undefined {
  const its = mounts.filter((mount) => mount.device === device || mount.source === path);
  return its.find(({ isWhole }) => isWhole) ?? its[0];
}

/** Blanks and backslashes stand there as `\040` and the like. */
function unescapeOctal(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
