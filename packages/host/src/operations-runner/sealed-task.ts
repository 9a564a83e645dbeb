import { decodeUtf8, encodeUtf8 } from "@nova-agent/xenstore";
import { HostError } from "../errors.ts";
import type { OperationKind } from "../ledger/operation.ts";
import type { GuestRequest, JsonValue } from "../model/request.ts";
import { Secret } from "../secret.ts";
import type { OperationTask } from "./operation-request.ts";

/** Ends the JSON in front of a file's content; JSON itself holds none. */
const LINE_FEED = 0x0a;

/** What is kept of a file in front of its content. */
interface KeptFile {
  readonly path: string;
  readonly allowBinary: boolean;
}

/**
 * What must be known to ask again after a crash, as bytes to be sealed; undefined for a kind that needs
 * nothing more than its name. A password is its own bytes, because text could not be wiped.
 */
export function encodeTask(task: OperationTask): Uint8Array | undefined {
  switch (task.kind) {
    case "password":
      return Uint8Array.from(task.password.reveal());
    case "injectFile": {
      const head = encodeJson({ path: task.file.path, allowBinary: task.allowBinary === true });
      return Uint8Array.from([...head, LINE_FEED, ...task.file.content]);
    }
    case "kmsactivate":
      return encodeJson(task.value);
    case "send":
      return encodeJson({ name: task.request.name, value: task.request.value });
    default:
      return undefined;
  }
}

/**
 * The task again. The bytes are wiped, or belong to the task. Throws SEAL_BROKEN when there are none where
 * there should be some.
 */
export function decodeTask(kind: OperationKind, bytes: Uint8Array | undefined): OperationTask {
  switch (kind) {
    case "password":
      return { kind, password: new Secret(present(kind, bytes)) };
    case "injectFile": {
      const kept = present(kind, bytes);
      const end = kept.indexOf(LINE_FEED);
      // Written by encodeTask, and sealed since.
      const head = decodeJson(kind, Uint8Array.from(kept.subarray(0, end))) as KeptFile;
      // Not `slice`, which for the engine's own kinds of bytes may be a view of what is wiped.
      const file = { path: head.path, content: Uint8Array.from(kept.subarray(end + 1)) };
      kept.fill(0);
      return { kind, file, allowBinary: head.allowBinary };
    }
    case "kmsactivate":
      return { kind, value: decodeJson(kind, bytes) as JsonValue };
    case "send":
      return { kind, request: decodeJson(kind, bytes) as GuestRequest };
    default:
      return { kind };
  }
}

function encodeJson(value: JsonValue): Uint8Array {
  return encodeUtf8(JSON.stringify(value));
}

function decodeJson(kind: OperationKind, bytes: Uint8Array | undefined): unknown {
  const kept = present(kind, bytes);
  const text = decodeUtf8(kept) ?? "";
  kept.fill(0);
  return JSON.parse(text);
}

function present(kind: OperationKind, bytes: Uint8Array | undefined): Uint8Array {
  if (bytes !== undefined) return bytes;
  throw new HostError("SEAL_BROKEN", `The ledger does not hold any more what operation "${kind}" needs`);
}
