import { encodeUtf8 } from "@nova-agent/xenstore";
import type { Family } from "../../network/address.ts";
import { INTERFACE_TIMEOUT_MS } from "../../network/limits.ts";
import type { WantedInterface } from "../../network/wanted-network.ts";
import type { RunStep, Step } from "../../plan.ts";
import { readAssignments } from "../../network/shell-file.ts";
import { isSoInKernel, type NetworkFacts } from "../backend.ts";
import { type DeviceFiles, deviceFiles, SCRIPTS_DIRECTORY, variableOf } from "./device-files.ts";
import { renderIfcfg, renderRoutes, type Runner } from "./render.ts";

/** What becomes of one interface. */
export interface LinkPlan {
  /** Before the files change; empty when the interface stays as it is. */
  readonly before: readonly Step[];
  readonly files: readonly Step[];
  readonly after: readonly Step[];
}

/** What is known of an interface. */
export interface LinkState {
  readonly facts: NetworkFacts;
  /** To whom the file is given. */
  readonly runner: Runner;
  readonly isNetworkManagerRunning: boolean;
  /** Of the connection that NetworkManager has up on the interface. */
  readonly activeUuid: string | undefined;
  /** Whether an agent was killed before all its files were applied. */
  readonly isPending: boolean;
}

/** The steps of one interface, to be carried out together with those of the others. */
export function planLink(wanted: WantedInterface, state: LinkState): LinkPlan {
  const { facts } = state;
  const own = deviceFiles(wanted, facts);
  const text = renderIfcfg(wanted, { old: own.text ?? "", runner: state.runner });
  const routes = [planRoutes(wanted, 4, { own, facts }), planRoutes(wanted, 6, { own, facts })].flat();
  const leftovers = own.leftovers.map((path) => ({ step: "removeFile", path, backup: true }) as const);
  const files = [...(text === own.text ? [] : [write(own.path, text)]), ...routes, ...leftovers];
  const isSo =
    routes.length + leftovers.length === 0 &&
    own.text !== undefined &&
    meaningOf(own.text) === meaningOf(text) &&
    isSoInKernel(wanted, facts) &&
    !state.isPending;
  if (isSo) return { before: [], files, after: [] };
  if (state.runner === "network") return { files, ...byScripts(wanted, own) };
  // Without it running, its next start reads the files.
  if (!state.isNetworkManagerRunning) return { before: [], files, after: [] };
  const oldUuid = state.activeUuid ?? variableOf(own.text ?? "", "UUID");
  return { files, ...byNetworkManager(own, { name: wanted.name, uuid: variableOf(text, "UUID"), oldUuid }) };
}

/** What a file sets, without comments, order and quotes. */
function meaningOf(text: string): string {
  return JSON.stringify([...readAssignments(text)].sort(([a], [b]) => (a < b ? -1 : 1)));
}

interface RoutesContext {
  readonly own: DeviceFiles;
  readonly facts: NetworkFacts;
}

function planRoutes(wanted: WantedInterface, family: Family, { own, facts }: RoutesContext): Step[] {
  const path = `${SCRIPTS_DIRECTORY}${family === 4 ? "route" : "route6"}-${own.suffix}`;
  const text = renderRoutes(wanted, family);
  const old = facts.files.get(path) ?? "";
  if (effectiveLines(old) === effectiveLines(text)) return [];
  return text === "" ? [{ step: "removeFile", path, backup: true }] : [write(path, text)];
}

/** What a route file says, without comments. */
function effectiveLines(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "" && !line.startsWith("#")).join("\n");
}

function write(path: string, text: string): Step {
  return { step: "writeFile", path, content: encodeUtf8(text), mode: 0o644, backup: true };
}

/** ifdown and ifup of initscripts, the first by the old file, the second by the new one. */
function byScripts({ name, mac }: WantedInterface, { text }: DeviceFiles): Omit<LinkPlan, "files"> {
  // With another machine's HWADDR neither of them would have done or do anything but fail.
  const wasUsable = text !== undefined && ["", mac].includes(variableOf(text, "HWADDR").toLowerCase());
  return {
    before: wasUsable
      ? [program(["ifdown", name], { failure: `Error stopping network: ${name}`, undo: ["ifup", name] })]
      : [],
    after: [
      // Taking this back clears away a half-done ifup, before the old files return.
      program(["ip", "address", "flush", "dev", name], {
        failure: `Error flushing network: ${name}`,
        undo: ["ifdown", name],
      }),
      program(["ifup", name], { failure: `Error starting network: ${name}` }),
    ],
  };
}

interface Connection {
  readonly name: string;
  readonly uuid: string;
  readonly oldUuid: string;
}

/** Only this connection is read again and brought up; NetworkManager takes the old one down by itself. */
function byNetworkManager(own: DeviceFiles, { name, uuid, oldUuid }: Connection): Omit<LinkPlan, "files"> {
  // Without UUID the file's connection is the one that was last active on the interface.
  const up = (id: string) => ["nmcli", "connection", "up", ...(id === "" ? ["ifname", name] : ["uuid", id])];
  const hasOtherConnections = own.leftovers.some((path) => /\/ifcfg-[^:]*$/.test(path));
  const read = hasOtherConnections ? ["reload"] : ["load", own.path];
  const timeoutMs = INTERFACE_TIMEOUT_MS;
  return {
    // Taken back last first: the files, then what NetworkManager knows of them, then the network.
    before: [
      { step: "whenTakenBack", argv: argvOf(up(oldUuid)), timeoutMs },
      { step: "whenTakenBack", argv: ["nmcli", "connection", "reload"], timeoutMs },
    ],
    after: [
      program(["nmcli", "connection", ...read], {
        failure: `Error starting network: ${name}: its file was not read`,
      }),
      program(up(uuid), { failure: `Error starting network: ${name}` }),
    ],
  };
}

function program(
  argv: readonly string[],
  { failure, undo }: { readonly failure: string; readonly undo?: readonly string[] },
): RunStep {
  const timeoutMs = INTERFACE_TIMEOUT_MS;
  const step = { step: "run", argv: argvOf(argv), timeoutMs, failure } as const;
  return undo === undefined ? step : { ...step, undo: argvOf(undo) };
}

function argvOf([first = "", ...rest]: readonly string[]): [string, ...string[]] {
  return [first, ...rest];
}
