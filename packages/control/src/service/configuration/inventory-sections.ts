import type { Flavor, Image, Network } from "@nova-agent/host";
import type { XlBoot, XlImage } from "@nova-agent/host/xl";
import { refuseOthers, type Section, take, takeRequired, wrong } from "./sections.ts";
import {
  absolutePath,
  address,
  addresses,
  network,
  oneOf,
  someText,
  wholeNumber,
  yesOrNo,
} from "./value-kinds.ts";

/** An image: how it is shown, and what the toolstack makes domains of. */
export interface ConfiguredImage {
  readonly shown: Omit<Image, "id" | "createdAt">;
  readonly xl: XlImage;
}

const IMAGE_KEYS = [
  "type",
  "kernel",
  "ramdisk",
  "command_line",
  "disk",
  "disk_format",
  "disk_layout",
  "has_agent",
  "is_rescue",
  "os_type",
  "min_disk_gib",
  "min_ram_mib",
];
const FLAVOR_KEYS = ["vcpus", "ram_mib", "disk_gib"];
const NETWORK_KEYS = ["bridge", "cidr", "cidr6", "gateway", "gateway6", "dns"];

/** The image of a section `[image NAME]`: its name is also what the toolstack knows it by. */
export function parseImage(section: Section): ConfiguredImage {
  refuseOthers(section, IMAGE_KEYS);
  const { name } = section;
  const path = take(section, "disk", absolutePath);
  const format = take(section, "disk_format", oneOf("raw", "qcow2")) ?? "raw";
  const layout = take(section, "disk_layout", oneOf("whole", "filesystem")) ?? "whole";
  const disk = path === undefined ? {} : { disk: { path, format, layout } };
  return {
    shown: {
      name,
      reference: name,
      hasAgent: take(section, "has_agent", yesOrNo) ?? true,
      isRescue: take(section, "is_rescue", yesOrNo) ?? false,
      osType: take(section, "os_type", oneOf("linux", "windows")) ?? "linux",
      minDiskGib: take(section, "min_disk_gib", wholeNumber(0)) ?? 0,
      minRamMib: take(section, "min_ram_mib", wholeNumber(0)) ?? 0,
    },
    xl: { type: take(section, "type", oneOf("pv", "pvh")) ?? "pvh", boot: parseBoot(section), ...disk },
  };
}

/** The flavor of a section `[flavor NAME]`; its name is its id. */
export function parseFlavor(section: Section): Flavor {
  refuseOthers(section, FLAVOR_KEYS);
  return {
    id: section.name,
    name: section.name,
    vcpus: takeRequired(section, "vcpus", wholeNumber(1, 512)),
    ramMib: takeRequired(section, "ram_mib", wholeNumber(1)),
    diskGib: take(section, "disk_gib", wholeNumber(0)) ?? 0,
  };
}

/** The network of a section `[network NAME]`, which every project may use. */
export function parseNetwork(section: Section): Omit<Network, "id"> {
  refuseOthers(section, NETWORK_KEYS);
  return {
    projectId: undefined,
    name: section.name,
    bridge: takeRequired(section, "bridge", someText),
    cidr: takeRequired(section, "cidr", network(4)),
    cidr6: take(section, "cidr6", network(6)),
    gateway: take(section, "gateway", address(4)),
    gateway6: take(section, "gateway6", address(6)),
    dns: take(section, "dns", addresses) ?? [],
    routes: [],
  };
}

/** Without a kernel the guest's own boot menu is asked. */
function parseBoot(section: Section): XlBoot {
  const kernel = take(section, "kernel", absolutePath);
  const ramdisk = take(section, "ramdisk", absolutePath);
  const commandLine = take(section, "command_line", someText);
  if (kernel !== undefined)
    return {
      kind: "kernel",
      kernel,
      ...(ramdisk !== undefined && { ramdisk }),
      commandLine: commandLine ?? "",
    };
  if (ramdisk !== undefined || commandLine !== undefined)
    throw wrong(section.place, `[image ${section.name}] has a ramdisk or a command_line but no kernel`);
  return { kind: "pygrub" };
}
