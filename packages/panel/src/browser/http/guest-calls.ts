import * as z from "zod/mini";
import { type Examination, examinationAnswer } from "../model/finding.ts";
import { type Metadata, without } from "../model/metadata.ts";
import type { ApiClient } from "./api-client.ts";
import { computePath, guestPath } from "./server-paths.ts";

/** What is asked of guests, and kept for them. */

type Sender = Pick<ApiClient, "send">;
type Asker = Pick<ApiClient, "ask">;

const consoleAnswer = z.object({ output: z.string() });

/** Asks the guest's own doctor as well, and resolves when it has answered or was given up. */
export function examineServer(client: Asker, id: string): Promise<Examination> {
  const path = `${guestPath(id)}/examination`;
  return client.ask("POST", path, { answer: examinationAnswer });
}

/** The last lines that the guest wrote to its console (nova api-ref, "Show Console Output"). */
export async function readConsole(client: Asker, id: string, lines: number): Promise<string> {
  const body = { "os-getConsoleOutput": { length: lines } };
  const path = `${computePath(id)}/action`;
  return (await client.ask("POST", path, { body, answer: consoleAnswer })).output;
}

/** Sets one item, and leaves the others (nova api-ref, "Server metadata"). */
export async function setMetadataItem(
  client: Sender,
  id: string,
  { key, value }: { readonly key: string; readonly value: string },
): Promise<void> {
  await client.send("POST", `${computePath(id)}/metadata`, { metadata: { [key]: value } });
}

export async function removeMetadataItem(
  client: Sender,
  id: string,
  { key, metadata }: { readonly key: string; readonly metadata: Metadata },
): Promise<void> {
  const path = `${computePath(id)}/metadata`;
  // In a path these two lead elsewhere, to the server itself: browsers resolve them (URL, "double-dot").
  if (key === "." || key === "..") await client.send("PUT", path, { metadata: without(metadata, key) });
  else await client.send("DELETE", `${path}/${encodeURIComponent(key)}`);
}
