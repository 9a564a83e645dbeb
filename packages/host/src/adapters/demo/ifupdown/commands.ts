import type { Argv } from "../program.ts";
import type { Stanza } from "./stanzas.ts";

/** One command of bringing an interface up or down. */
export interface InterfaceCommand {
  readonly argv: Argv;
  /** Whether its failure is passed over: what was to be taken away may be gone already. */
  readonly mayFail: boolean;
}

/**
 * The commands by which ifup(8) brings up one stanza of a method that it knows: loopback, manual and
 * static, with `address`, `gateway`, `metric`, `mtu`, `accept_ra` and the command options of interfaces(5).
 */
export function planUp(stanza: Stanza): InterfaceCommand[] {
  return [
    ...hooks(stanza, ["pre-up"], false),
    ...settings(stanza).map((argv) => ({ argv, mayFail: true })),
    ...methodUp(stanza).map((argv) => ({ argv, mayFail: false })),
    ...hooks(stanza, ["up", "post-up"], false),
  ];
}

/** The commands by which ifdown(8) takes a stanza down. */
export function planDown(stanza: Stanza): InterfaceCommand[] {
  return [
    ...hooks(stanza, ["down", "pre-down"], true),
    ...methodDown(stanza).map((argv) => ({ argv, mayFail: true })),
    ...hooks(stanza, ["post-down"], true),
  ];
}

function hooks({ options }: Stanza, names: readonly string[], mayFail: boolean): InterfaceCommand[] {
  const lines = options.filter(([name]) => names.includes(name)).map(([, line]) => line);
  // A line of the file is a shell's line by its format.
  return lines.map((line) => ({ argv: ["sh", "-c", line], mayFail }));
}

function methodUp(stanza: Stanza): Argv[] {
  const { name, method } = stanza;
  const mtu = optionOf(stanza, "mtu");
  const linkUp: Argv = ["ip", "link", "set", "dev", name, ...(mtu === undefined ? [] : ["mtu", mtu]), "up"];
  if (method !== "static") return [linkUp];
  return stanza.family === "inet6" ? static6Up(stanza, linkUp) : static4Up(stanza, linkUp);
}

function static4Up(stanza: Stanza, linkUp: Argv): Argv[] {
  const { name } = stanza;
  // `broadcast +` is the subnet's last address, which ifup computes itself.
  const add: Argv = ["ip", "addr", "add", addressOf(stanza), "broadcast", "+", "dev", name, "label", name];
  return [add, linkUp, ...defaultRoute(stanza, ["ip", "route", "add"])];
}

function static6Up(stanza: Stanza, linkUp: Argv): Argv[] {
  const { name } = stanza;
  const add: Argv = ["ip", "-6", "addr", "add", addressOf(stanza), "dev", name];
  return [linkUp, add, ...defaultRoute(stanza, ["ip", "-6", "route", "replace"])];
}

function defaultRoute(stanza: Stanza, change: Argv): Argv[] {
  const gateway = optionOf(stanza, "gateway");
  if (gateway === undefined) return [];
  const metric = optionOf(stanza, "metric");
  const metricWords = metric === undefined ? [] : ["metric", metric];
  return [[...change, "default", "via", gateway, "dev", stanza.name, ...metricWords, "onlink"]];
}

// Not every machine has sysctl(8), and a demo guest hears no router whatever it accepts.
function settings(stanza: Stanza): Argv[] {
  const acceptRa = optionOf(stanza, "accept_ra");
  if (acceptRa === undefined) return [];
  return [["sysctl", "-q", "-e", "-w", `net.ipv6.conf.${stanza.name}.accept_ra=${acceptRa}`]];
}

function methodDown({ name, family, method }: Stanza): Argv[] {
  if (method === "loopback") return [];
  const flush: Argv =
    family === "inet6"
      ? ["ip", "-6", "addr", "flush", "dev", name, "scope", "global"]
      : ["ip", "-4", "addr", "flush", "dev", name];
  return [flush, ["ip", "link", "set", "dev", name, "down"]];
}

function addressOf(stanza: Stanza): string {
  const address = optionOf(stanza, "address") ?? "";
  const netmask = optionOf(stanza, "netmask");
  return netmask === undefined || address.includes("/") ? address : `${address}/${netmask}`;
}

function optionOf({ options }: Stanza, name: string): string | undefined {
  return options.find(([option]) => option === name)?.[1];
}
