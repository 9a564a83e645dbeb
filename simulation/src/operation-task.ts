/** What the simulation asks of guests. */
export type OperationTask =
  | { readonly kind: "version" }
  | { readonly kind: "features" }
  | { readonly kind: "password"; readonly password: string }
  | { readonly kind: "file"; readonly path: string; readonly content: string };

/**
 * What the one who asked was told: `done` and `refused` say what is so in the guest, `notSent` that it
 * never heard of it, and `unknown` claims nothing.
 */
export type Outcome =
  | { readonly claim: "done"; readonly text: string }
  | { readonly claim: "refused" | "notSent" | "unknown"; readonly text: string };

/** One operation, from the asking to the end. */
export interface AskedOperation {
  readonly number: number;
  readonly guest: string;
  readonly task: OperationTask;
  readonly askedAtMs: number;
  endedAtMs?: number;
  /** Everything that was said about its end; exactly one thing shall be. */
  readonly outcomes: Outcome[];
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
