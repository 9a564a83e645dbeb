import { decodeUtf8 } from "@nova-agent/xenstore";
import { keepNameServerOrder } from "../network/name-server-order.ts";
import { joinWanted, vifsNotUnderstood, type WantedFault } from "../network/wanted-guest.ts";
import { foreignAddresses } from "../network/kernel-network.ts";
import type { Vif, WantedNetwork } from "../network/wanted-network.ts";
import type { NetworkFacts } from "../os/backend.ts";
import { planCloudInit } from "../os/cloud-init.ts";
import { planHostname } from "../os/hostname.ts";
import { chooseBackend } from "../os/index.ts";
import { flatSteps, type Plan, type Step } from "../plan.ts";
import { type Reply, RESET_FAILURE_CODE } from "../protocol/reply.ts";
import { readResetFacts, readWantedGuest, type ResetFacts } from "../system/reset-facts.ts";
import { command } from "./command.ts";

/** `resetnetwork`: the host name and the network as `vm-data` has them. The value says nothing. */
export const resetnetwork = command({
  name: "resetnetwork",
  // Hosts take "500" for a success here: old agents sent it although the reset had worked.
  failureCode: RESET_FAILURE_CODE,
  gather: async (guest) => readResetFacts(await readWantedGuest(guest.xenstore), guest),
  plan: (_value, facts) => planReset(facts),
});

/**
 * The plan that brings the wanted name and network about; without steps when all is so already. What
 * cannot be understood stays as it is, the rest is done all the same, and the answer names both.
 */
export function planReset(facts: ResetFacts): Plan {
  const { hostname, faults = [], network } = facts;
  const wanted = joinWanted(facts, network.vifs);
  const claimed = { hasNetwork: wanted.interfaces.length > 0, hasHostname: hostname !== undefined };
  const before = [
    ...planCloudInit(claimed, network),
    ...(hostname === undefined ? [] : planHostname(hostname, network)),
  ];
  const files = filesAfter(network.files, before);
  const { kernel } = network;
  const left = [...wanted.held, ...vifsNotUnderstood(facts, network.vifs)];
  const steps = planNetwork(wanted, { network: { ...network, files }, left });
  return {
    steps: [...before, ...steps],
    reply: replyOf(wanted, { faults, vifs: network.vifs }),
    isRecorded: true,
    // Where something changes, the check behind the steps tells what stays.
    ...(steps.length > 0 || kernel === undefined
      ? {}
      : { foreign: foreignAddresses(wanted.interfaces, kernel) }),
  };
}

/** The files as they are once these steps are done: some keep the name and the network in one. */
function filesAfter(files: ReadonlyMap<string, string>, steps: readonly Step[]): Map<string, string> {
  const writes = flatSteps(steps).filter((step) => step.step === "writeFile");
  return new Map([...files, ...writes.map((step) => [step.path, decodeUtf8(step.content) ?? ""] as const)]);
}

interface NetworkOfGuest {
  readonly network: NetworkFacts;
  /** VIFs that the host wants, and that stay as they are. */
  readonly left: readonly Vif[];
}

function planNetwork(wanted: WantedNetwork, { network, left }: NetworkOfGuest): readonly Step[] {
  const { interfaces } = wanted;
  // Without anything to write the guest may keep its network as it likes.
  if (interfaces.length === 0) return [];
  const steps = chooseBackend(network).plan(keepNameServerOrder(wanted, network.files), network);
  const bystanders = [...new Set(left.map(({ name, master }) => master?.name ?? name))];
  return steps.length === 0 ? [] : [{ step: "applyNetwork", interfaces, bystanders, steps }];
}

interface FaultsOfGuest {
  readonly faults: readonly WantedFault[];
  readonly vifs: readonly Vif[];
}

/** Success as long as something is done, and nothing of this guest is left out that was not understood. */
function replyOf(wanted: WantedNetwork, { faults, vifs }: FaultsOfGuest): Reply {
  const isOfGuest = ({ mac }: WantedFault) => mac === undefined || vifs.some((vif) => vif.mac === mac);
  const messages = [
    ...faults.map(({ message }) => message),
    describeMissing(wanted),
    ...describeHeld(wanted),
  ];
  const isNothingLeft = wanted.interfaces.length === 0 && wanted.missing.length + wanted.held.length > 0;
  return {
    returncode: isNothingLeft || faults.some(isOfGuest) ? RESET_FAILURE_CODE : "0",
    message: messages.filter((message) => message !== "").join("; "),
  };
}

/** Empty when every network has its interface, as hosts expect it. */
function describeMissing({ missing }: WantedNetwork): string {
  if (missing.length === 0) return "";
  const names = missing.map(({ mac, label }) => (label === "" ? mac : `${mac} (${label})`));
  return `Left out, because no interface of this guest has the MAC address: ${names.join(", ")}`;
}

/** What is a part of another device has no addresses of its own. */
function describeHeld({ held }: WantedNetwork): string[] {
  return held.map(({ name, master }) => {
    const kind = master.kind === undefined ? "" : `${master.kind} `;
    return `Left out, because ${name} belongs to ${kind}${master.name}`;
  });
}
