import { sampleInstance } from "@nova-agent/host/testing";
import type { Database } from "../../../src/adapters/database/index.ts";
import type { Action, Instance, Operation, Port, Requester } from "../../../src/index.ts";

/** What a behaviour is checked on: a database that others use too, whose time stands until it is set. */
export interface World {
  readonly database: Database;
  /** Text that is in nobody else's ids. */
  readonly mine: string;
  readonly setTime: (time: Date) => void;
}

/** What every database does, whichever it is. */
export interface Behaviour {
  readonly name: string;
  readonly check: (world: World) => Promise<void>;
}

/** A time of the tests: so many seconds after the first one. */
export function at(seconds: number): Date {
  return new Date(Date.UTC(2026, 0, 2, 3, 4, seconds, 567));
}

export function instance(mine: string, changes: Partial<Instance> = {}): Instance {
  const ids = { id: `${mine}-instance`, projectId: `${mine}-project`, userId: `${mine}-user` };
  return sampleInstance({ ...ids, createdAt: at(0), updatedAt: at(0), ...changes });
}

export function port(mine: string, changes: Partial<Port> = {}): Port {
  return {
    id: `${mine}-port`,
    instanceId: `${mine}-instance`,
    networkId: `${mine}-network`,
    mac: "00:16:3e:00:00:01",
    index: 0,
    fixedIps: [{ address: "192.0.2.5", prefixLength: 24 }],
    ...changes,
  };
}

export function operation(mine: string, changes: Partial<Operation> = {}): Operation {
  return {
    id: `${mine}-operation`,
    instanceId: `${mine}-instance`,
    kind: "password",
    requestId: `req-${mine}`,
    userId: `${mine}-user`,
    projectId: `${mine}-project`,
    state: "queued",
    attempts: 0,
    createdAt: at(0),
    updatedAt: at(0),
    deadlineAt: at(30),
    timeline: [{ at: at(0), state: "queued", text: "Waits for its turn" }],
    returncode: null,
    message: null,
    error: null,
    ...changes,
  };
}

export function requester(mine: string, name = ""): Requester {
  return {
    userId: `${mine}-user`,
    projectId: `${mine}-project`,
    roles: ["member"],
    requestId: `req-${mine}${name}`,
  };
}

/** The events of an action as `event result`, in their order. */
export function results(action: Action | undefined): readonly string[] | undefined {
  return action?.events.map(({ event, result }) => `${event} ${String(result)}`);
}
