import type { Transport } from "../../transport/transport.ts";

/** The stores that the suite knows: C xenstored 4.17, oxenstored 4.17, and this package's own. */
export type StoreName = "c" | "ox" | "ours";

/** A running store, empty but for what it makes itself, with some domains introduced. */
export interface StoreUnderTest {
  /** A new connection as dom0, or the one connection of an introduced domain. */
  connect(domid: number): Promise<Transport>;
  /** Makes a domain exist, as the hypervisor does, without introducing it. */
  createDomain(domid: number): Promise<void>;
  /** Makes a domain exist and introduces it. */
  introduceDomain(domid: number): Promise<void>;
  /** The domain shut down or crashed, and the server is told that some domain changed. */
  shutDownDomain(domid: number, how: "shutdown" | "crash"): Promise<void>;
  /** The domain is gone, and the server is told that some domain changed. */
  destroyDomain(domid: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts the store that the suite runs on, anew for every case. */
export interface StoreFixture {
  readonly store: StoreName;
  start(domains: readonly number[]): Promise<StoreUnderTest>;
}

/** What the suite needs of a test runner: node:test's `test` fits. */
export type DefineTest = (name: string, body: () => Promise<void>) => void;

/** What the suite needs of an assertion library: node:assert/strict fits. */
export interface Assertions {
  deepEqual(actual: unknown, expected: unknown, message?: string): void;
}

/**
 * One row of the suite: a conversation with the store and what comes of it. The script's language is
 * described at `parseScript`; what is expected is what C xenstored answers.
 */
export interface ContractCase {
  readonly name: string;
  /** Nodes that are there, each `PATH PERMISSION[,PERMISSION...] [VALUE]`. */
  readonly given?: readonly string[];
  readonly script: string;
}

/** How a store departs from the script of a case, and why. */
export type Difference =
  /** These lines of the script read differently; a line that does not occur has none instead. */
  | { readonly reason: string; readonly lines: Readonly<Record<string, readonly string[]>> }
  /** Lines that end in ` => REPLY` end in another one. */
  | { readonly reason: string; readonly replies: Readonly<Record<string, string>> }
  /** The case goes otherwise from some line on. It runs, and must not go as its script does. */
  | { readonly reason: string; readonly isUnlike: true }
  /** The case would never end. */
  | { readonly reason: string; readonly isEndless: true };

/** The known differences of a store, by the name of the case. */
export type Differences = Readonly<Record<string, Difference>>;
