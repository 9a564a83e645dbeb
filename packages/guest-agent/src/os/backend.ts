import type { Step } from "../plan.ts";
import { describeDifferences, type KernelNetwork } from "../network/kernel-network.ts";
import type { Vif, WantedInterface, WantedNetwork } from "../network/wanted-network.ts";

/** What a plan of the network is made from, read from the guest at one moment. */
export interface NetworkFacts {
  /** The guest's VIFs, whatever the host wants of them. */
  readonly vifs: readonly Vif[];
  /** The kernel's host name. */
  readonly hostname: string;
  /** Those of the back ends' `evidence` paths that are there, and the targets of those that are links. */
  readonly evidence: ReadonlyMap<string, Evidence>;
  /** Undefined under another root than the running system's: then the files alone count. */
  readonly kernel?: KernelNetwork;
  /** Content of the files that were asked for, by path; what is not there has no entry. */
  readonly files: ReadonlyMap<string, string>;
}

/** A path that is there. */
export interface Evidence {
  /** Where it points, when it is a symbolic link. */
  readonly link?: string;
}

/**
 * Whether a network manager has the guest's VIFs: `yes` when its own configuration or state names
 * them or it is the only one with a configuration; `could` when it is installed and would take them.
 */
export type Claim = "yes" | "could" | "no";

/** Whether the running kernel has an interface as the host wants it, as far as it is known. */
export function isSoInKernel(wanted: WantedInterface, { kernel }: NetworkFacts): boolean {
  return kernel === undefined || describeDifferences(wanted, kernel).length === 0;
}

/** One way of keeping a network: a pure map from the wanted network to the steps that bring it about. */
export interface NetworkBackend {
  /** What its users call it, such as `netplan`. */
  readonly name: string;
  /** Paths whose presence the claim or the plan depends on. */
  readonly evidence: readonly string[];
  /**
   * Files to read; a path that ends in `/` stands for all regular files of that directory, a pattern
   * in its last part (glob(7)) for those that fit.
   */
  filesToRead(vifs: readonly Vif[]): readonly string[];
  /** Further files to read, in the same way, which those that have been read include. */
  readonly filesIncluded?: (files: ReadonlyMap<string, string>) => readonly string[];
  manages(facts: NetworkFacts): Claim;
  /** The steps, in order; none when all is so already. Throws an AgentError to refuse. */
  plan(wanted: WantedNetwork, facts: NetworkFacts): readonly Step[];
}
