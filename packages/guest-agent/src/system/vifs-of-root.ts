import { decodeLatin1 } from "@nova-agent/xenstore";
import { SystemError } from "../errors.ts";
import { CONFIGURATION_FILE_MAX_BYTES } from "../network/limits.ts";
import type { Vif } from "../network/wanted-network.ts";
import { readNetworkFacts, readVifs } from "./network-facts.ts";
import type { RootedFiles } from "./rooted-files.ts";
import type { Files } from "./system.ts";

/** The names that the kernel gives a VIF, with its number behind; the one that most systems have stands first. */
const KERNEL_NAMES: readonly string[] = ["eth", "enX"];

/** Where udev keeps names by MAC address on older systems. */
const UDEV_RULES = "/etc/udev/rules.d/70-persistent-net.rules";

/**
 * The VIFs as another system on this guest's disk calls them. In rescue mode the running system has the
 * same VIFs, but perhaps other names: what the other one's files mention decides, `eth<N>` or `enX<N>`
 * (systemd.net-naming-scheme(7), v253).
 */
export function readVifsOfRoot(running: Files, rooted: RootedFiles): readonly Vif[] {
  const vifs = readVifs(running);
  const candidates = vifs.flatMap((vif) => namesOf(vif).map((name) => ({ ...vif, name })));
  const { files } = readNetworkFacts(rooted, candidates);
  const texts = [...files].map(([path, text]) => `${path}\n${text}`);
  const rules = readRules(rooted);
  return vifs.map((vif) => ({ ...vif, name: nameInRules(vif, rules) ?? nameInTexts(vif, texts) }));
}

function namesOf({ name, index }: Vif): readonly string[] {
  return [...new Set([...KERNEL_NAMES.map((kernel) => `${kernel}${index}`), name])];
}

function nameInTexts(vif: Vif, texts: readonly string[]): string {
  return namesOf(vif).find((name) => texts.some((text) => mentions(name, text))) ?? vif.name;
}

function mentions(name: string, text: string): boolean {
  // The kernel takes any name without a slash, a colon and blanks.
  const literal = name.replaceAll(/\W/g, String.raw`\$&`);
  return new RegExp(String.raw`(?<![\w-])${literal}(?!\w)`).test(text);
}

function nameInRules({ mac }: Vif, rules: string): string | undefined {
  const rule = rules.split("\n").find((line) => !line.startsWith("#") && line.toLowerCase().includes(mac));
  return /\bNAME="([\w-]+)"/.exec(rule ?? "")?.[1];
}

function readRules(files: RootedFiles): string {
  try {
    return decodeLatin1(files.read(UDEV_RULES, CONFIGURATION_FILE_MAX_BYTES));
  } catch (error) {
    if (error instanceof SystemError) return "";
    throw error;
  }
}
