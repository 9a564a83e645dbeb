import { parseMac } from "../network/mac.ts";
import type { Files, ReportSystem } from "../system/system.ts";
import type { NetworkInterface } from "./addresses.ts";
import { type Distribution, distributionPaths, findDistribution } from "./distribution.ts";
import { type Memory, parseMeminfo } from "./memory.ts";
import { linkName, listNames, readText, readValue, unlessRefused } from "./read-text.ts";
import { type Mount, mountOf, parseMountinfo, type Volume, type VolumeUse } from "./volumes.ts";

const NETWORK_DEVICES = "/sys/class/net";
const BLOCK_DEVICES = "/sys/block";
const DISK_UUIDS = "/dev/disk/by-uuid";

/** sysfs tells sizes of disks in sectors of this size, whatever the disk's own is. */
const SECTOR_BYTES = 512;

/** What the guest runs, and its kernel's release. */
export function readOs(files: Files): { distribution: Distribution; kernelRelease: string } {
  const texts = distributionPaths.flatMap((path): [string, string][] => {
    const text = readText(files, path);
    return text === undefined ? [] : [[path, text]];
  });
  return {
    distribution: findDistribution(new Map(texts)),
    kernelRelease: readValue(files, "/proc/sys/kernel/osrelease") ?? "",
  };
}

export function readMemory(files: Files): Memory | undefined {
  return parseMeminfo(readText(files, "/proc/meminfo") ?? "");
}

/** Whether the kernel can give memory back, as its balloon driver's device tells. */
export function hasBalloon(files: Files): boolean {
  return files.status("/sys/devices/system/xen_memory") !== undefined;
}

/** Every network interface of sysfs (Documentation/ABI/testing/sysfs-class-net). */
export function readInterfaces(files: Files): readonly NetworkInterface[] {
  return listNames(files, NETWORK_DEVICES).map((name) => {
    const directory = `${NETWORK_DEVICES}/${name}`;
    const node = readValue(files, `${directory}/device/nodename`);
    const vifIndex = /^device\/vif\/(\d+)$/.exec(node ?? "")?.[1];
    const lower = listNames(files, directory).filter((entry) => entry.startsWith("lower_"));
    return {
      name,
      mac: parseMac(readValue(files, `${directory}/address`) ?? ""),
      vifIndex: vifIndex === undefined ? undefined : Number(vifIndex),
      hasDevice: unlessRefused(() => files.status(`${directory}/device`)) !== undefined,
      lower: lower.map((entry) => entry.slice("lower_".length)),
    };
  });
}

/** A volume, and where the host says what is behind it. */
export interface FoundVolume {
  readonly volume: Volume;
  /** The disk's own node in XenStore, such as `device/vbd/51712`. */
  readonly node: string;
}

/** The partitions of the guest's virtual disks, and disks that have none, by name. */
export function readVolumes({ files, diskSpace }: ReportSystem): readonly FoundVolume[] {
  const mounts = parseMountinfo(readText(files, "/proc/self/mountinfo") ?? "");
  const uuids = readUuids(files);
  return listNames(files, BLOCK_DEVICES).flatMap((disk) => {
    const node = readValue(files, `${BLOCK_DEVICES}/${disk}/device/nodename`) ?? "";
    if (!/^device\/vbd\/\d+$/.test(node)) return [];
    const entries = listNames(files, `${BLOCK_DEVICES}/${disk}`);
    const partitions = entries
      .filter((entry) => files.status(`${BLOCK_DEVICES}/${disk}/${entry}/partition`) !== undefined)
      .toSorted((left, right) => numberBehind(left) - numberBehind(right));
    const names = partitions.length === 0 ? [{ name: disk, directory: `${BLOCK_DEVICES}/${disk}` }] : [];
    const all = [
      ...names,
      ...partitions.map((name) => ({ name, directory: `${BLOCK_DEVICES}/${disk}/${name}` })),
    ];
    return all.map((place) => ({
      node,
      volume: readVolume(place, { files, mounts, uuid: uuids.get(place.name), diskSpace }),
    }));
  });
}

function numberBehind(name: string): number {
  return Number(/\d+$/.exec(name)?.[0] ?? 0);
}

interface VolumeParts {
  readonly files: Files;
  readonly mounts: readonly Mount[];
  readonly uuid: string | undefined;
  readonly diskSpace: ReportSystem["diskSpace"];
}

function readVolume(
  { name, directory }: { readonly name: string; readonly directory: string },
  { files, mounts, uuid, diskSpace }: VolumeParts,
): Volume {
  const path = `/dev/${name}`;
  const device = readValue(files, `${directory}/dev`) ?? "";
  const mount = mountOf(mounts, { path, device });
  return {
    path,
    uuid,
    sizeBytes: Number(readValue(files, `${directory}/size`) ?? 0) * SECTOR_BYTES,
    backend: undefined,
    use: mount === undefined ? lvmUse(files, directory) : useOf(mount, diskSpace),
  };
}

function useOf({ filesystem, mountPoint }: Mount, diskSpace: ReportSystem["diskSpace"]): VolumeUse {
  const freeBytes = unlessRefused(() => diskSpace(mountPoint).freeBytes);
  return { kind: "mounted", filesystem, mountPoint, freeBytes };
}

/** Whether a device of LVM's lies on it: its name in the device mapper begins so. */
function lvmUse(files: Files, directory: string): VolumeUse | undefined {
  const holders = listNames(files, `${directory}/holders`);
  const isLvm = holders.some((holder) =>
    readValue(files, `${BLOCK_DEVICES}/${holder}/dm/uuid`)?.startsWith("LVM-"),
  );
  return isLvm ? { kind: "lvm" } : undefined;
}

/** The UUIDs of file systems by the name of the device, from udev(7)'s links. */
function readUuids(files: Files): ReadonlyMap<string, string> {
  return new Map(
    listNames(files, DISK_UUIDS).flatMap((uuid): [string, string][] => {
      const name = linkName(files, `${DISK_UUIDS}/${uuid}`);
      return name === undefined ? [] : [[name, uuid]];
    }),
  );
}
