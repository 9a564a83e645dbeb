import {
  type ExchangeProgress,
  type GuestCall,
  type GuestRequest,
  sendRequest,
  type SendResult,
} from "../../src/index.ts";
import { GUEST_UUID, type World } from "./world.ts";

/** Of the first request in a world. */
export const ID = "00000000-0000-4000-8000-000000000001";
/** A request that a guest may be asked twice. */
export const repeatable = { name: "features", value: "" };
/** A request that a guest must not be asked twice. */
export const unrepeatable = { name: "agentupdate", value: "https://example.net/agent,00" };
/** The guest of domain 5, come back. */
export const moved = { domid: 8, name: "web-1", uuid: GUEST_UUID };
/** What a guest answers that has done it. */
export const done = { code: "0", message: "done" } as const;

/** A request under way. */
export interface Sent {
  readonly reply: Promise<SendResult>;
  /** The stages with their domids, such as `moved 8`. */
  readonly stages: readonly string[];
}

/** Sends a request to domain 5, acting at the first time of each stage, such as `sent 5`. */
export function send(
  world: World,
  request: GuestRequest,
  acts: Readonly<Record<string, () => unknown>>,
  call: Partial<GuestCall> = {},
): Sent {
  const stages: string[] = [];
  const acted: unknown[] = [];
  const onProgress = (progress: ExchangeProgress): void => {
    const stage = `${progress.stage} ${progress.domid}`;
    if (!stages.includes(stage)) acted.push(acts[stage]?.());
    stages.push(stage);
  };
  const run = async (): Promise<SendResult> => {
    try {
      return await sendRequest(world.connector, { domid: 5, request, onProgress, ...call });
    } finally {
      await Promise.all(acted);
    }
  };
  return { reply: run(), stages };
}

/** So many round trips on the connector's own connection that it has worked off every event. */
export async function becomeQuiet(world: World): Promise<void> {
  for (let trip = 0; trip < 50; trip += 1) await world.xenstore.exists("/");
}

/** The domain ends, and its guest comes back as domain 8. */
export async function move(world: World): Promise<void> {
  await world.endDomain(5);
  await world.addDomain(moved);
}
