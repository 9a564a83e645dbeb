import { encodeUtf8 } from "@nova-agent/xenstore";
import type { Family } from "../../network/address.ts";
import type { WantedNetwork } from "../../network/wanted-network.ts";
import { parseShellFile, setAssignment, type ShellEntry } from "../../network/shell-file.ts";
import type { WriteFileStep } from "../../plan.ts";
import type { NetworkFacts } from "../backend.ts";
import { variableOf } from "./device-files.ts";

/** What holds for all interfaces (sysconfig.txt of initscripts, "/etc/sysconfig/network"). */
export const GLOBAL_PATH = "/etc/sysconfig/network";

/** How shell scripts of the family say no (functions of initscripts, is_false). */
export function isFalse(value: string): boolean {
  return /^(no|n|0|false|f|off)$/i.test(value);
}

/** Takes out of the file for all interfaces what contradicts the wanted network; all else stays. */
export function planGlobalFile(wanted: WantedNetwork, { files }: NetworkFacts): WriteFileStep[] {
  const old = files.get(GLOBAL_PATH) ?? "";
  const names = ["NETWORKING", ...(wanted.interfaces.some(hasIpv6) ? ["NETWORKING_IPV6"] : [])];
  const text = names.reduce(switchOn, withoutGateways(old, wanted));
  if (text === old) return [];
  return [{ step: "writeFile", path: GLOBAL_PATH, content: encodeUtf8(text), mode: 0o644, backup: true }];
}

function hasIpv6({ addresses }: WantedNetwork["interfaces"][number]): boolean {
  return addresses.some(({ address }) => address.family === 6);
}

function switchOn(text: string, name: string): string {
  return isFalse(variableOf(text, name)) ? setAssignment(text, name, "yes") : text;
}

function withoutGateways(text: string, wanted: WantedNetwork): string {
  const isKept = (entry: ShellEntry) =>
    !contradicts(entry, { wanted, family: 4, gateway: "GATEWAY", device: "GATEWAYDEV" }) &&
    !contradicts(entry, { wanted, family: 6, gateway: "IPV6_DEFAULTGW", device: "IPV6_DEFAULTDEV" });
  const entries = parseShellFile(text);
  const lines = entries.filter(isKept).flatMap((entry) => entry.lines);
  return entries.every(isKept) ? text : lines.map((line) => `${line}\n`).join("");
}

interface DefaultRoute {
  readonly wanted: WantedNetwork;
  readonly family: Family;
  readonly gateway: string;
  readonly device: string;
}

/** Whether it names another default route than the one that counts. */
function contradicts({ name, values: [value = ""] }: ShellEntry, variables: DefaultRoute): boolean {
  if (name !== variables.gateway && name !== variables.device) return false;
  const found = variables.wanted.interfaces.flatMap((each) =>
    each.routes
      .filter(({ destination, gateway, metric }) => {
        return destination.prefixLength === 0 && gateway.family === variables.family && metric === undefined;
      })
      .map(({ gateway }) => (name === variables.gateway ? gateway.text : each.name)),
  );
  return found.length > 0 && !found.includes(value.split("%")[0] ?? value);
}
