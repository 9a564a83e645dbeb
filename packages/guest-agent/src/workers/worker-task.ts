import { decodeUtf8, encodeUtf8 } from "@nova-agent/xenstore";
import type { Config } from "../config.ts";
import type { Reply } from "../protocol/reply.ts";
import { wipeableBytes } from "../secret.ts";

/** What one worker does, in a process that ends with it. */
export type WorkerTask = {
  readonly config: Config;
  /** The directory under which the guest's files are, `/` on a guest. */
  readonly root: string;
} & ({ readonly kind: "start" } | { readonly kind: "recover" } | RequestTask);

/** A request to be carried out. */
export interface RequestTask {
  readonly kind: "request";
  readonly requestId: string;
  readonly request: Uint8Array;
  /** The decimal text of the number both sides share; empty without an exchange. A secret. */
  readonly exchange: Uint8Array;
}

/** What a request did to the key exchange that it was given. */
export type ExchangeUse = "kept" | "ended" | "failed";

/** One line of what a worker tells. */
export type WorkerMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "done" }
  | { readonly kind: "reply"; readonly reply: Reply; readonly exchange: ExchangeUse };

interface Head {
  readonly task: Record<string, unknown>;
  readonly exchangeBytes: number;
}

const LINE_FEED = 0x0a;

/** The bytes of a worker's standard input: a line of JSON, the exchange, the request. To be wiped. */
export function encodeTask(task: WorkerTask): Uint8Array {
  const isRequest = task.kind === "request";
  const exchange = isRequest ? task.exchange : new Uint8Array();
  const request = isRequest ? task.request : new Uint8Array();
  const head: Head = {
    task: { ...task, request: undefined, exchange: undefined },
    exchangeBytes: exchange.length,
  };
  const line = encodeUtf8(`${JSON.stringify(head)}\n`);
  const bytes = wipeableBytes(line.length + exchange.length + request.length);
  bytes.set(line);
  bytes.set(exchange, line.length);
  bytes.set(request, line.length + exchange.length);
  return bytes;
}

/** The task; its secrets are copies of their own. Throws when it was not made by `encodeTask`. */
export function decodeTask(bytes: Uint8Array): WorkerTask {
  const end = bytes.indexOf(LINE_FEED);
  const { task, exchangeBytes } = JSON.parse(decodeUtf8(bytes.subarray(0, end)) ?? "") as Head;
  const request = end + 1 + exchangeBytes;
  const exchange = wipeableBytes(exchangeBytes);
  exchange.set(bytes.subarray(end + 1, request));
  // The agent's own bytes: nobody else writes to the pipe.
  return { ...task, exchange, request: bytes.slice(request) } as unknown as WorkerTask;
}

/** A worker's line, without its line feed. */
export function encodeMessage(message: WorkerMessage): string {
  return JSON.stringify(message);
}

/** A worker's message; undefined for what is none, such as the words of a program. */
export function decodeMessage(line: string): WorkerMessage | undefined {
  try {
    const message = JSON.parse(line) as WorkerMessage | null;
    return typeof message === "object" && message !== null && "kind" in message ? message : undefined;
  } catch {
    return undefined;
  }
}
