import { XenstoreClient, XenstoreError } from "@nova-agent/xenstore";
import type { Logger } from "../log.ts";
import type { Pause } from "../pause.ts";
import { CONNECT_DELAY_MAX_MS, CONNECT_DELAY_MIN_MS } from "../system/limits.ts";
import type { System } from "../system/system.ts";

/** What a connection is made with. */
export interface Opening {
  readonly system: Pick<System, "connectXenstore" | "clock">;
  readonly log: Logger;
  /** Ended when the service is to end. */
  readonly pause: Pause;
  readonly isEnding: () => boolean;
  /** Longest pause between two attempts, when it is to be shorter than usual. */
  readonly pollIntervalMs?: number;
  /** Called before each attempt. */
  readonly onPoll?: () => void;
}

/** Tries until XenStore is there, with growing pauses; undefined when the service is to end before. */
export async function openClient(opening: Opening): Promise<XenstoreClient | undefined> {
  const { system, log, pause, isEnding, pollIntervalMs = CONNECT_DELAY_MAX_MS, onPoll } = opening;
  const { connectXenstore: connect, clock } = system;
  for (let delayMs = CONNECT_DELAY_MIN_MS; !isEnding();) {
    onPoll?.();
    try {
      return await XenstoreClient.open({ connect, clock });
    } catch (error) {
      if (!(error instanceof XenstoreError)) throw error;
      log.warn("Cannot reach XenStore, trying again", { reason: error.message, delayMs });
    }
    await pause.wait(delayMs);
    delayMs = Math.min(delayMs * 2, CONNECT_DELAY_MAX_MS, pollIntervalMs);
  }
  return undefined;
}
