import { HostError } from "../../errors.ts";
import type { DiskSpec, DomainSpec, VifSpec } from "../../ports/toolstack.ts";
import type { XlDisk, XlImage } from "./image.ts";

/** A disk of a domain, at its place. */
export interface DomainDisk extends XlDisk {
  readonly device: "xvda" | "xvdb";
}

/** What a configuration file says. */
export interface XlConfig {
  readonly name: string;
  readonly spec: DomainSpec;
  readonly image: XlImage;
  readonly disks: readonly DomainDisk[];
  /** Of every network card (xl-network-configuration(5), "script"); the host's default without one. */
  readonly vifScript: string | undefined;
}

/**
 * The name of an instance's domain: names are unique on a host (xl.cfg(5), "name"), those of instances are
 * not, and not every character is safe in a file's name.
 */
export function domainName({ name, uuid }: Pick<DomainSpec, "name" | "uuid">): string {
  return `${name.replaceAll(/[^A-Za-z0-9._-]+/g, "-").slice(0, 40)}-${uuid.slice(0, 8)}`;
}

/** xl.cfg(5). Throws TOOLSTACK_FAILED when a value could end the string that it stands in. */
export function renderConfig({ name, spec, image, disks, vifScript }: XlConfig): string {
  const vifs = spec.vifs.map((vif, position) => renderVif(vif, { vifScript, position }));
  const allDisks = [...disks.map(renderBootDisk), ...(spec.disks ?? []).map(renderDisk)];
  return [
    `name = ${quote(name)}`,
    `uuid = ${quote(spec.uuid)}`,
    `type = ${quote(image.type)}`,
    ...renderBoot(image),
    `memory = ${spec.memoryMib}`,
    `vcpus = ${spec.vcpus}`,
    `disk = [${allDisks.map(quote).join(", ")}]`,
    `vif = [${vifs.map(quote).join(", ")}]`,
    `on_poweroff = "destroy"`,
    // What the guest asks for by itself: xl makes the domain anew, without vm-data, which is written behind it.
    `on_reboot = "restart"`,
    `on_crash = "destroy"`,
    "",
  ].join("\n");
}

function renderBoot({ boot }: XlImage): string[] {
  if (boot.kind === "pygrub") return [`bootloader = "pygrub"`];
  return [
    `kernel = ${quote(boot.kernel)}`,
    ...(boot.ramdisk === undefined ? [] : [`ramdisk = ${quote(boot.ramdisk)}`]),
    `cmdline = ${quote(boot.commandLine)}`,
  ];
}

function renderBootDisk({ path, format, layout, device }: DomainDisk): string {
  return diskOptions({ path, format, device: layout === "whole" ? device : `${device}1` });
}

/** A disk beside those that a domain boots with. Throws TOOLSTACK_FAILED. */
export function renderDisk(disk: DiskSpec): string {
  if (!/^xvd[c-z]$/.test(disk.device)) throw unsafe(disk.device);
  return diskOptions(disk);
}

// xl-disk-configuration(5): `target` takes all that follows, so it stands last.
function diskOptions({ path, format, device }: DiskSpec): string {
  return `format=${format},vdev=${device},access=rw,target=${path}`;
}

/**
 * A network card as xl-network-configuration(5) has it. Its number is said only where it is not its
 * position in the list. Throws TOOLSTACK_FAILED.
 */
export function renderVif(
  { index, mac, bridge }: VifSpec,
  { vifScript, position }: { readonly vifScript: string | undefined; readonly position?: number },
): string {
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(mac)) throw unsafe(mac);
  if (!/^[\w.-]{1,15}$/.test(bridge)) throw unsafe(bridge);
  if (vifScript?.includes(",") === true) throw unsafe(vifScript);
  return [
    `mac=${mac.toLowerCase()}`,
    `bridge=${bridge}`,
    ...(position === index ? [] : [`devid=${index}`]),
    ...(vifScript === undefined ? [] : [`script=${vifScript}`]),
  ].join(",");
}

function quote(value: string): string {
  // eslint-disable-next-line no-control-regex
  if (/["\\\u0000-\u001f]/.test(value)) throw unsafe(value);
  return `"${value}"`;
}

function unsafe(value: string): HostError {
  return new HostError("TOOLSTACK_FAILED", `xl's configuration cannot hold ${JSON.stringify(value)}`);
}
