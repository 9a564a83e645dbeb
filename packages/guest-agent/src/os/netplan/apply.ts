import { APPLY_TIMEOUT_MS, INTERFACE_TIMEOUT_MS } from "../../network/limits.ts";
import { applyUnits, type LinkChange, NETWORKD_STATE_PATH } from "../../network/networkd-apply.ts";
import type { RunStep, Step } from "../../plan.ts";
import type { NetworkFacts } from "../backend.ts";

/** Where netplan's generator writes what networkd reads. */
export const UNIT_DIRECTORY = "/run/systemd/network/";

/** Where the units of links that do not change are kept. They stay: taking back needs them once more. */
const KEPT_DIRECTORY = "/run/nova-agent/";

/** What changes of netplan's files. */
export interface NetplanChanges {
  readonly files: readonly Step[];
  readonly links: readonly LinkChange[];
  /** Whether all units may become others: files that the agent has not written change, or were not applied. */
  readonly isWhole: boolean;
  /** Whether networkd reads what netplan makes of its files, and not NetworkManager. */
  readonly isNetworkds: boolean;
}

/**
 * The steps that write netplan's files and bring them about. `netplan apply` has every link configured
 * anew, for its generator makes all units anew; where networkd runs, only the links that change are.
 * For NetworkManager it stays, which it stops and starts: so links go down whose profile is gone.
 */
export function applyFiles(changes: NetplanChanges, facts: NetworkFacts): Step[] {
  const { files, links, isWhole, isNetworkds } = changes;
  if (!isNetworkds || !facts.evidence.has(NETWORKD_STATE_PATH)) return applyAll(files);
  const units = isWhole ? [] : keptUnits(links, facts);
  const keep = linkUnits(units, { from: UNIT_DIRECTORY, to: KEPT_DIRECTORY });
  const putBack = linkUnits(units, { from: KEPT_DIRECTORY, to: UNIT_DIRECTORY });
  const makeAgain = [...putBack, generate].map(
    ({ argv, timeoutMs }) => ({ step: "whenTakenBack", argv, timeoutMs }) as const,
  );
  const make = [...files, generate, ...putBack];
  return [...keep, ...applyUnits({ links, make, makeAgain, isPending: isWhole }, facts)];
}

/**
 * The units of links that do not change, by name. networkd takes a unit for another one when its file is
 * another one, whatever is in it, so the files themselves are kept, by a second name.
 */
function keptUnits(links: readonly LinkChange[], { files }: NetworkFacts): string[] {
  const changed = new Set(
    links.filter(({ hasNewUnit }) => hasNewUnit).flatMap(({ name }) => [name, `0-${name}`]),
  );
  return [...files.keys()].flatMap((path) => {
    if (!path.startsWith(UNIT_DIRECTORY)) return [];
    const name = path.slice(UNIT_DIRECTORY.length);
    const id = /^10-netplan-(.+)\.(?:network|netdev)$/.exec(name)?.[1];
    return id === undefined || changed.has(id) ? [] : [name];
  });
}

interface Directories {
  readonly from: string;
  readonly to: string;
}

function linkUnits(units: readonly string[], { from, to }: Directories): RunStep[] {
  if (units.length === 0) return [];
  const argv = ["ln", "-f", "-t", to, ...units.map((name) => from + name)] as const;
  const failure = "Error applying netplan: the units of links that do not change were not kept";
  return [{ step: "run", argv, timeoutMs: INTERFACE_TIMEOUT_MS, failure }];
}

function applyAll(files: readonly Step[]): Step[] {
  const argv = ["netplan", "apply"] as const;
  return [
    { step: "whenTakenBack", argv, timeoutMs: APPLY_TIMEOUT_MS },
    ...files,
    generate,
    { step: "run", argv, timeoutMs: APPLY_TIMEOUT_MS, failure: "Error applying netplan" },
  ];
}

const generate: RunStep = {
  step: "run",
  argv: ["netplan", "generate"],
  timeoutMs: INTERFACE_TIMEOUT_MS,
  // What it makes is read by the services that start then.
  needsNoService: true,
  failure: "Error applying netplan: the files in /etc/netplan do not fit together",
};
