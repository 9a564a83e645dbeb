import type { HostError } from "../errors.ts";
import type { OperationKind } from "../ledger/operation.ts";

/** How an operation ended: with the message of the guest's answer, or an error; with neither, by a fault here. */
export interface EndedOperation {
  readonly kind: OperationKind;
  readonly message?: string | undefined;
  readonly error?: HostError | undefined;
}

/** Is told of the operations of a runner while they go on, and never fails. */
export interface OperationObserver {
  /** The guest is about to be asked. */
  began(instanceId: string): void;
  /** Once for each that began. */
  ended(instanceId: string, end: EndedOperation): void;
}
