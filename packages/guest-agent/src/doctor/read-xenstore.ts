import { decodeUtf8, XenstoreClient, XenstoreError } from "@nova-agent/xenstore";
import type { XenstoreReader } from "../commands/command.ts";
import { scalarText } from "../network/networking-field.ts";
import { ANSWERS_PATH, listNames, passOverMissing, REQUESTS_PATH } from "../nodes.ts";
import { isJsonObject, type JsonValue, ownValue, parseRequest } from "../protocol/request.ts";
import { AgentError } from "../errors.ts";
import { readWantedGuest } from "../system/reset-facts.ts";
import type { System } from "../system/system.ts";
import type { FailedAnswer, WaitingRequest, XenstoreFacts } from "./facts.ts";
import { REQUESTS_READ_MAX, SECOND_LOOK_MS, XENSTORE_ANSWER_MS } from "./limits.ts";

/** Reads what XenStore holds for the guest, or why it cannot be asked. */
export async function readXenstore(system: System): Promise<XenstoreFacts> {
  const { connectXenstore: connect, clock } = system;
  return orReason(async () => {
    const options = { connect, clock, reconnect: false, requestTimeoutMs: XENSTORE_ANSWER_MS };
    const client = await XenstoreClient.open(options);
    try {
      const facts = await readSettled(client);
      return { ...facts, waiting: await readWaiting(client, system) };
    } finally {
      await client.close();
    }
  });
}

/**
 * The same while a request is served, over the connection of whoever serves it: what waits then waits for
 * its turn behind that request, and is no fault.
 */
export function readXenstoreWhileServing(xenstore: XenstoreReader): Promise<XenstoreFacts> {
  return orReason(async () => ({ ...(await readSettled(xenstore)), waiting: [] }));
}

async function orReason(read: () => Promise<XenstoreFacts>): Promise<XenstoreFacts> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof XenstoreError)) throw error;
    return { isReached: false, reason: error.message };
  }
}

async function readSettled(client: XenstoreReader) {
  const wanted = await readWantedGuest(client);
  return { isReached: true, wanted, failures: await readFailures(client) } as const;
}

async function readWaiting(client: XenstoreReader, system: System): Promise<readonly WaitingRequest[]> {
  const first = await readNames(client, REQUESTS_PATH);
  if (first.length === 0) return [];
  await pause(system);
  const second = await readNames(client, REQUESTS_PATH);
  const ids = second.filter((id) => first.includes(id));
  const waiting = await Promise.all(ids.map((id) => readRequest(client, id)));
  return waiting.flat();
}

async function readNames(client: XenstoreReader, path: string): Promise<string[]> {
  return ((await listNames(client, path)) ?? []).slice(0, REQUESTS_READ_MAX);
}

function pause({ clock }: System): Promise<void> {
  return new Promise((resolve) => {
    clock.after(SECOND_LOOK_MS, resolve);
  });
}

async function readRequest(client: XenstoreReader, id: string): Promise<WaitingRequest[]> {
  const bytes = await passOverMissing(client.read(`${REQUESTS_PATH}/${id}`));
  if (bytes === undefined) return [];
  try {
    return [{ id, name: parseRequest(bytes).name }];
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    return [{ id, name: undefined }];
  }
}

async function readFailures(client: XenstoreReader): Promise<FailedAnswer[]> {
  const ids = await readNames(client, ANSWERS_PATH);
  const answers = await Promise.all(ids.map((id) => readAnswer(client, id)));
  return answers.flat().filter(({ returncode }) => returncode !== "0" && returncode !== "D0");
}

async function readAnswer(client: XenstoreReader, id: string): Promise<FailedAnswer[]> {
  const bytes = await passOverMissing(client.read(`${ANSWERS_PATH}/${id}`));
  const answer = parseJson(decodeUtf8(bytes ?? new Uint8Array()) ?? "");
  if (!isJsonObject(answer)) return [];
  const returncode = scalarText(ownValue(answer, "returncode"));
  return [{ id, returncode, message: scalarText(ownValue(answer, "message")) }];
}

function parseJson(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return null;
  }
}
