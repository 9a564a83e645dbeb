import type { SimulatedGuest } from "./simulated-guest.ts";
import type { SimulatedHost } from "./simulated-host.ts";

/** What is done in a run, and what has to be true of it in the end. */
export interface Scenario {
  readonly host: SimulatedHost;
  /** All that there have been by now. */
  readonly guests: readonly SimulatedGuest[];
  /** Whether somebody writes the `vm-data` of a domain that comes without it. */
  readonly renewsVmData: boolean;
  /** Starts everything, and lets faults strike when it has started. */
  begin(): Promise<void>;
  /** Asks everybody who is there whether all is well again. */
  probe(): Promise<void>;
  /** What is wrong when nothing goes on any more: a sentence each. */
  check(): Promise<readonly string[]>;
}
