import { type Clock, createTransportPair, type Transport, XenstoreClient } from "@nova-agent/xenstore";
import {
  createManualClock,
  createScriptedServer,
  type ManualClock,
  type ScriptedServer,
} from "@nova-agent/xenstore/testing";

/** A client on a manual clock, whose every connection a scripted server answers. */
export interface ClientHarness {
  readonly client: XenstoreClient;
  readonly clock: ManualClock;
  /** One server a connection, oldest first. */
  readonly servers: readonly ScriptedServer[];
  /** The server of the latest connection. */
  readonly server: () => ScriptedServer;
  /** Lets the next attempts to connect behave otherwise; undefined makes them succeed again. */
  readonly setConnect: (connect: (() => Promise<Transport>) | undefined) => void;
}

export interface HarnessOptions {
  readonly reconnect?: boolean;
  readonly requestTimeoutMs?: number;
}

export async function openHarness(options: HarnessOptions = {}): Promise<ClientHarness> {
  const clock = createManualClock();
  const servers: ScriptedServer[] = [];
  let connectOtherwise: (() => Promise<Transport>) | undefined;
  const connect = async (): Promise<Transport> => {
    if (connectOtherwise !== undefined) return connectOtherwise();
    const [left, right] = createTransportPair();
    servers.push(createScriptedServer(right));
    return left;
  };
  const client = await XenstoreClient.open({ connect, clock: clock satisfies Clock, ...options });
  return {
    client,
    clock,
    servers,
    server() {
      const server = servers.at(-1);
      if (server === undefined) throw new Error("There is no connection yet");
      return server;
    },
    setConnect(connect) {
      connectOtherwise = connect;
    },
  };
}

/** What a promise came to, for tests that wait for several or expect none to have settled. */
export interface Outcome<T> {
  value?: T;
  error?: unknown;
  isSettled: boolean;
}

/** Follows a promise, so that it is never unhandled. */
export function follow<T>(promise: Promise<T>): Outcome<T> {
  const outcome: Outcome<T> = { isSettled: false };
  promise.then(
    (value) => Object.assign(outcome, { value, isSettled: true }),
    (error: unknown) => Object.assign(outcome, { error, isSettled: true }),
  );
  return outcome;
}
