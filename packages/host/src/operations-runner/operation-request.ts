import type { CancelSignal } from "../cancel-signal.ts";
import type { OperationKind } from "../ledger/operation.ts";
import type { FileToInject } from "../model/file-injection.ts";
import type { GuestReply } from "../model/reply.ts";
import type { GuestRequest, JsonValue } from "../model/request.ts";
import type { Requester } from "../ports/requester.ts";
import type { Secret } from "../secret.ts";

/** What is asked of a guest, by kind of operation. */
export type OperationTask =
  | { readonly kind: "version" | "features" | "doctor" | "resetNetwork" }
  /** Wiped as soon as it is sealed. */
  | { readonly kind: "password"; readonly password: Secret }
  | { readonly kind: "injectFile"; readonly file: FileToInject; readonly allowBinary?: boolean | undefined }
  /** The value holds the licence's data, and is sealed. */
  | { readonly kind: "kmsactivate"; readonly value: JsonValue }
  /** Sealed, because nobody knows what is in it. */
  | { readonly kind: "send"; readonly request: GuestRequest };

/** One operation to be carried out. */
export type OperationRequest = OperationTask & {
  /** The UUID of the guest's virtual machine. */
  readonly instanceId: string;
  readonly requester: Requester;
  /** In place of the command's own limit, for each request; for `version`, of all calls together. */
  readonly timeoutMs?: number | undefined;
  /** Giving up withdraws the request that is under way. */
  readonly signal?: CancelSignal | undefined;
};

/** The answer of the guest. */
export interface OperationOutcome extends GuestReply {
  readonly operationId: string;
  readonly kind: OperationKind;
  /** False for a `send` only: the answer of every other kind that says no is thrown as GUEST_REFUSED. */
  readonly isDone: boolean;
}
