import type { PublishedChange } from "@nova-agent/host";
import { EVENTS_RETRY_MS } from "../limits.ts";

/** What a client is told of the stream itself: see `events.ts`. */
export type StreamEvent = "ready" | "reset" | "beat";

/** How long a client waits before it comes back (WHATWG HTML, "Server-sent events"). */
export function encodeRetry(): string {
  return `retry: ${EVENTS_RETRY_MS}\n\n`;
}

/** A frame without content, which still says where the stream is: that is where a client resumes. */
export function encodeStreamEvent(event: StreamEvent, position: string): string {
  // A frame without data is nothing to a client.
  return `event: ${event}\nid: ${position}\ndata: {}\n\n`;
}

const kinds = { instance: "server", operation: "operation", action: "action" } as const;

export function encodeChange({ kind, instanceId, id, position }: PublishedChange): string {
  const data = { kind: kinds[kind], server_id: instanceId, id };
  return `event: change\nid: ${position}\ndata: ${JSON.stringify(data)}\n\n`;
}
