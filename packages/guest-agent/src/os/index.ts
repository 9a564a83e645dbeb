import { AgentError } from "../errors.ts";
import type { Claim, NetworkBackend, NetworkFacts } from "./backend.ts";
import { cloudInitEvidence, cloudInitFiles } from "./cloud-init.ts";
import { freebsd } from "./freebsd/backend.ts";
import { hostnameEvidence, hostnameFiles } from "./hostname.ts";
import { ifcfg } from "./ifcfg/backend.ts";
import { alpine, ifupdown, ifupdown2 } from "./ifupdown/backend.ts";
import { netctl } from "./netctl.ts";
import { netifrc } from "./netifrc.ts";
import { netplan } from "./netplan/backend.ts";
import { networkManager } from "./network-manager/backend.ts";
import { networkd } from "./networkd/backend.ts";
import { wicked } from "./wicked/backend.ts";
import type { Vif } from "../network/wanted-network.ts";

/** Every way of keeping a network, the one that is asked first standing first. A new one gets its row here. */
export const backends: readonly NetworkBackend[] = [
  ifupdown,
  ifupdown2,
  netplan,
  networkManager,
  ifcfg,
  networkd,
  wicked,
  netctl,
  netifrc,
  alpine,
  freebsd,
];

/** Paths whose presence the back ends and the plans of host name and cloud-init want to know. */
export function evidenceToLookFor(): readonly string[] {
  const shared = [...hostnameEvidence, ...cloudInitEvidence];
  return [...new Set([...shared, ...backends.flatMap((backend) => backend.evidence)])];
}

/** Files that the back ends and the plans of host name and cloud-init want to read. */
export function filesToRead(vifs: readonly Vif[]): readonly string[] {
  const shared = [...hostnameFiles, ...cloudInitFiles];
  return [...new Set([...shared, ...backends.flatMap((backend) => backend.filesToRead(vifs))])];
}

/** Files that the back ends want to read because those that have been read include them. */
export function filesIncluded(files: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set(backends.flatMap((backend) => backend.filesIncluded?.(files) ?? []))];
}

/** What a back end says of a guest. */
export interface BackendClaim {
  readonly backend: NetworkBackend;
  readonly claim: Claim;
}

/** What every back end says of the guest's VIFs, in the order of the table. */
export function claimsOf(facts: NetworkFacts): readonly BackendClaim[] {
  return backends.map((backend) => ({ backend, claim: backend.manages(facts) }));
}

/** The claim that counts: the first `yes`, else the first `could`. */
export function strongestClaim(claims: readonly BackendClaim[]): BackendClaim | undefined {
  return claims.find(({ claim }) => claim === "yes") ?? claims.find(({ claim }) => claim === "could");
}

/**
 * The back end that has the guest's VIFs, else the first that would take them. Throws
 * AGENT_UNSUPPORTED when there is neither.
 */
export function chooseBackend(facts: NetworkFacts): NetworkBackend {
  const chosen = strongestClaim(claimsOf(facts));
  if (chosen) return chosen.backend;
  const looked = backends.map(({ name, evidence }) => `${name} (${evidence[0] ?? name})`).join(", ");
  throw new AgentError(
    "AGENT_UNSUPPORTED",
    `Couldn't figure out what keeps the network of this guest; looked for ${looked}`,
  );
}
