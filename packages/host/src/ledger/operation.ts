/** What is asked of a guest in one operation. */
export type OperationKind =
  | "version"
  | "features"
  | "doctor"
  | "password"
  | "injectFile"
  | "resetNetwork"
  | "kmsactivate"
  | "send";

/**
 * How far an operation is: `taken` is a request that the guest has removed, `late` one whose answer came
 * when nobody waited any more. The last four are ends, but `timedOut` may still become `late`.
 */
export type OperationState = "queued" | "sent" | "taken" | "done" | "failed" | "timedOut" | "late";

/** One line of an operation's timeline. */
export interface OperationEvent {
  readonly at: Date;
  readonly state: OperationState;
  readonly text: string;
}

/** One request to one guest, as the ledger keeps it. It never holds a secret. */
export interface Operation {
  /** A UUID: the id of its request in XenStore. */
  readonly id: string;
  readonly instanceId: string;
  readonly kind: OperationKind;
  /** Of the action that it belongs to. */
  readonly requestId: string;
  readonly userId: string;
  readonly projectId: string;
  readonly state: OperationState;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly deadlineAt: Date;
  readonly timeline: readonly OperationEvent[];
  /** The guest's answer; null before there is one. */
  readonly returncode: string | null;
  readonly message: string | null;
  readonly error: OperationFailure | null;
}

/** Why an operation failed; `code` is that of a HostError. */
export interface OperationFailure {
  readonly code: string;
  readonly message: string;
}

/** Whether nothing more is done for it. */
export function isFinished({ state }: Pick<Operation, "state">): boolean {
  return state === "done" || state === "failed" || state === "timedOut" || state === "late";
}
