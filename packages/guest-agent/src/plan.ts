import type { Reply } from "./protocol/reply.ts";
import type { Secret } from "./secret.ts";

/** The file should hold this content. An existing one keeps owner, mode and SELinux label. */
export interface WriteFileStep {
  readonly step: "writeFile";
  readonly path: string;
  readonly content: Uint8Array;
  /** Mode of a file that is new; one that exists keeps its own. */
  readonly mode: number;
  /** Whether an existing file with other content is kept beside it as `<file>.<unix time>.bak`. */
  readonly backup: boolean;
}

/** The file should not be there. */
export interface RemoveFileStep {
  readonly step: "removeFile";
  readonly path: string;
  readonly backup: boolean;
}

/** The program should have run with status 0. */
export interface RunStep {
  readonly step: "run";
  readonly argv: readonly [string, ...string[]];
  readonly timeoutMs: number;
  /** What takes it back when a later step fails. */
  readonly undo?: readonly [string, ...string[]];
  /** Reported when it fails, before the program's own words. */
  readonly failure: string;
}

/**
 * Nothing to do, but the program should run once the steps behind this one are taken back: a service
 * that read what they wrote reads again what stood there before.
 */
export interface WhenTakenBackStep {
  readonly step: "whenTakenBack";
  readonly argv: readonly [string, ...string[]];
  readonly timeoutMs: number;
}

/** The kernel's host name should be this; the files that keep it are steps of their own. */
export interface SetHostnameStep {
  readonly step: "setHostname";
  readonly hostname: string;
}

/** The user's password should be this. The secret is wiped when the plan ends, however it ends. */
export interface SetPasswordStep {
  readonly step: "setPassword";
  readonly user: string;
  readonly password: Secret;
}

/** What should be, one fact a step, in the order in which it is brought about. */
export type Step =
  | WriteFileStep
  | RemoveFileStep
  | RunStep
  | WhenTakenBackStep
  | SetHostnameStep
  | SetPasswordStep;

/** What becomes of the key exchange when the plan has succeeded. */
export type ExchangeChange = { readonly kind: "start"; readonly secret: Secret } | { readonly kind: "end" };

/** What a command decided: the steps, and the answer when all of them succeed. */
export interface Plan {
  readonly steps: readonly Step[];
  readonly reply: Reply;
  readonly exchange?: ExchangeChange;
}
