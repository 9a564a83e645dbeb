import { randomUUID } from "node:crypto";
import { HostConnector } from "@nova-agent/host";
import { XenstoreClient } from "@nova-agent/xenstore";
import { findXenstore, nodeClock } from "@nova-agent/xenstore/node";
import { encodeMessage } from "../boot/messages.ts";
import type { XenstoreServer } from "../boot/qemu.ts";
import { Guest, type Vif } from "./guest.ts";
import { makeBridge, privateBridge, publicBridge } from "./networks.ts";

export const publicVif: Vif = { mac: "00:16:3e:51:00:0a", bridge: publicBridge.name };
export const privateVif: Vif = { mac: "00:16:3e:0a:00:0a", bridge: privateBridge.name };

/** What the scenarios share: one guest with an agent, and one without. */
export interface World {
  readonly server: XenstoreServer;
  /** Dom0's connection to the real xenstored. */
  readonly xenstore: XenstoreClient;
  readonly connector: HostConnector;
  readonly guest: Guest;
  /** Runs, but has no agent. */
  readonly silentGuest: Guest;
  /** Lets this process end; both guests end with the machine. */
  close(): Promise<void>;
}

/** Makes the networks and both guests, still paused. */
export async function makeWorld(server: XenstoreServer): Promise<World> {
  await makeBridge(publicBridge);
  await makeBridge(privateBridge);
  const xenstore = await XenstoreClient.open({ connect: findXenstore({}).connect, clock: nodeClock });
  const connector = new HostConnector({ xenstore, clock: nodeClock, newId: randomUUID });
  const vifs = [publicVif, privateVif];
  tell("Creating two guests");
  const guest = await Guest.create({ name: "web", vifs, hasAgent: true }, xenstore);
  const silentGuest = await Guest.create({ name: "silent", vifs: [], hasAgent: false }, xenstore);
  const close = async (): Promise<void> => {
    guest.close();
    silentGuest.close();
    await xenstore.close();
  };
  return { server, xenstore, connector, guest, silentGuest, close };
}

/** Shows a line of progress on the machine outside. */
export function tell(text: string): void {
  process.stdout.write(encodeMessage({ kind: "progress", text }));
}

/** Puts a line into the table at the end of the run. */
export function measured(what: string, figure: string): void {
  process.stdout.write(encodeMessage({ kind: "measurement", what, figure }));
}
