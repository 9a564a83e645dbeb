import type { GuestNetwork } from "./simulated-kernel.ts";

/** What the simulation asks of guests. */
export type AskedTask =
  | { readonly kind: "version" | "features" | "doctor" }
  | { readonly kind: "password"; readonly password: string }
  | { readonly kind: "resetNetwork"; readonly network: GuestNetwork }
  | { readonly kind: "injectFile"; readonly path: string; readonly content: string }
  | { readonly kind: "kmsactivate"; readonly key: string }
  /** With a path, a file; else a command of that name, which the agent may know or not. */
  | { readonly kind: "send"; readonly path: string; readonly content: string }
  | { readonly kind: "send"; readonly name: string; readonly path?: undefined };

/**
 * What the one who asked is told: `done` and `refused` say what is so in the guest, `notSent` that it
 * never heard of it, and `unknown` claims nothing.
 */
export interface Outcome {
  readonly claim: "done" | "refused" | "notSent" | "unknown";
  readonly text: string;
}

/** One operation, from the asking to the end. */
export interface AskedOperation {
  /** Its action in the ledger. */
  readonly requestId: string;
  readonly guest: string;
  readonly task: AskedTask;
  readonly askedAtMs: number;
  /** Whether it was asked when nothing went wrong any more, and has to be done. */
  readonly isProbe: boolean;
  /** Where the caller's connection ended with the service, nothing. */
  readonly told: Outcome[];
}

/** One time that an agent carried a request out, as seen from inside the guest. */
export interface Execution {
  readonly guest: string;
  /** The agent's process. */
  readonly process: string;
  readonly requestId: string;
  readonly command: string;
  readonly startedAtMs: number;
  endedAtMs?: number;
  returncode?: string;
}
