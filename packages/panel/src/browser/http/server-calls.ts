import * as z from "zod/mini";
import type { ActivationRequest } from "../model/activation.ts";
import type { ApiClient } from "./api-client.ts";
import { computePath } from "./server-paths.ts";

/** What is done with servers, by the Compute API (nova api-ref, "Servers - run an action"). */

type Sender = Pick<ApiClient, "send">;
type Asker = Pick<ApiClient, "ask">;

/** Of a password that the service has made. */
const passwordAnswer = z.object({ adminPass: z.string() });

async function act(client: Sender, id: string, body: object): Promise<void> {
  await client.send("POST", `${computePath(id)}/action`, body);
}

/** Resolves when the guest has it. */
export function changePassword(client: Sender, id: string, adminPass: string): Promise<void> {
  return act(client, id, { changePassword: { adminPass } });
}

/** Soft asks the guest; hard ends its domain and makes a new one. */
export function rebootServer(client: Sender, id: string, type: "SOFT" | "HARD"): Promise<void> {
  return act(client, id, { reboot: { type } });
}

export function startServer(client: Sender, id: string): Promise<void> {
  return act(client, id, { "os-start": null });
}

export function stopServer(client: Sender, id: string): Promise<void> {
  return act(client, id, { "os-stop": null });
}

/** Has the guest apply its network, and resolves when it has. */
export function resetNetwork(client: Sender, id: string): Promise<void> {
  return act(client, id, { resetNetwork: null });
}

/** Resolves to the password of the rescue system, which is told this once. */
export async function rescueServer(client: Asker, id: string): Promise<string> {
  const path = `${computePath(id)}/action`;
  const { adminPass } = await client.ask("POST", path, { body: { rescue: null }, answer: passwordAnswer });
  return adminPass;
}

export function unrescueServer(client: Sender, id: string): Promise<void> {
  return act(client, id, { unrescue: null });
}

/** Which of the two it is, by the guest's system. */
export type ActivationAction = "registerRedHat" | "activateWindows";

/** Registers the guest with Red Hat, or activates its Windows, and resolves when it is. */
export function activateServer(
  client: Sender,
  id: string,
  { action, request }: { readonly action: ActivationAction; readonly request: ActivationRequest },
): Promise<void> {
  return act(client, id, { [action]: request });
}

export async function deleteServer(client: Sender, id: string): Promise<void> {
  await client.send("DELETE", computePath(id));
}

export async function renameServer(client: Sender, id: string, name: string): Promise<void> {
  await client.send("PUT", computePath(id), { server: { name } });
}
