import { randomUUID } from "node:crypto";
import { HostConnector } from "@nova-agent/host";
import { XenstoreClient } from "@nova-agent/xenstore";
import { findXenstore, nodeClock } from "@nova-agent/xenstore/node";
import { encodeMessage } from "../boot/messages.ts";
import { SHOWN_AGENT_LINES } from "../limits.ts";
import type { GuestKind, XenstoreServer } from "../runs.ts";
import { Guest, type GuestOptions, type Vif } from "./guest.ts";
import { makeBridge, privateBridge, publicBridge } from "./networks.ts";
import type { LogSource } from "./xen-test.ts";

export const publicVif: Vif = { mac: "00:16:3e:51:00:0a", bridge: publicBridge.name };
export const privateVif: Vif = { mac: "00:16:3e:0a:00:0a", bridge: privateBridge.name };

/** The host, before it has any guest. */
export interface Host {
  /** Dom0's connection to the real xenstored. */
  readonly xenstore: XenstoreClient;
  readonly connector: HostConnector;
}

/** What the scenarios share that look at one guest. */
export interface World extends Host, LogSource {
  readonly server: XenstoreServer;
  /** The guest with the agent. */
  readonly guest: Guest;
  /** Creates one more guest, paused. */
  readonly addGuest: (options: Omit<GuestOptions, "kind">) => Promise<Guest>;
  /** Lets this process end; the guests end with the machine. */
  close(): Promise<void>;
}

/** Makes the networks. */
export async function openHost(): Promise<Host> {
  await makeBridge(publicBridge);
  await makeBridge(privateBridge);
  const xenstore = await XenstoreClient.open({ connect: findXenstore({}).connect, clock: nodeClock });
  const connector = new HostConnector({ xenstore, clock: nodeClock, newId: randomUUID });
  return { xenstore, connector };
}

/** Makes the networks and the guest, still paused. */
export async function makeWorld(server: XenstoreServer, kind: GuestKind): Promise<World> {
  const { xenstore, connector } = await openHost();
  const guests: Guest[] = [];
  const addGuest: World["addGuest"] = async (options) => {
    tell(`Creating the guest ${options.name}`);
    const guest = await Guest.create({ ...options, kind }, xenstore);
    guests.push(guest);
    return guest;
  };
  const close = async (): Promise<void> => {
    for (const guest of guests) guest.close();
    await xenstore.close();
  };
  const guest = await addGuest({ name: "web", vifs: [publicVif, privateVif], hasAgent: true });
  const readLog = () => guest.run(`agent-log ${SHOWN_AGENT_LINES}`);
  return { server, xenstore, connector, guest, addGuest, readLog, close };
}

/** Shows a line of progress on the machine outside. */
export function tell(text: string): void {
  process.stdout.write(encodeMessage({ kind: "progress", text }));
}

/** Puts a line into the table at the end of the run. */
export function measured(what: string, figure: string): void {
  process.stdout.write(encodeMessage({ kind: "measurement", what, figure }));
}
