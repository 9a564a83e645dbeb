import { type Connect, createTransportPair, serve, Store, XenstoreClient } from "@nova-agent/xenstore";
import { EventLog } from "./event-log.ts";
import { type FaultKind, Faults } from "./faults.ts";
import { GUEST_NODES } from "./limits.ts";
import type { AskedOperation, Execution } from "./operation-task.ts";
import type { PlantedBug } from "./planted-bugs.ts";
import { Random } from "./random.ts";
import { SimulatedClock } from "./simulated-clock.ts";
import { SimulatedLedger } from "./simulated-ledger.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import { SimulatedTransport } from "./simulated-transport.ts";
import { SimulatedXenstored } from "./simulated-xenstored.ts";

/** What decides a run. */
export interface WorldOptions {
  readonly seed: number;
  /** Whether the lines of the event log stay to be read. */
  readonly isLogKept?: boolean;
  readonly bug?: PlantedBug | undefined;
}

/** Everything that the parts of a run share. */
export interface World {
  readonly random: Random;
  readonly clock: SimulatedClock;
  readonly log: EventLog;
  readonly faults: Faults;
  readonly store: Store;
  readonly xenstored: SimulatedXenstored;
  /** Dom0's connection of the toolstack, which nothing befalls. */
  readonly toolstack: XenstoreClient;
  readonly bug: PlantedBug | undefined;
  /** Of a new domain; none comes twice. */
  readonly nextDomid: () => number;
  readonly ledger: SimulatedLedger;
  readonly operations: AskedOperation[];
  readonly executions: Execution[];
  /** What the agents and the host have logged. */
  readonly lines: string[];
  /** What nobody but guests may know. */
  readonly secrets: string[];
  /** What was found to be wrong. */
  readonly violations: string[];
  /** A connection of a process, with all that can befall it. */
  connectFor(process: SimulatedProcess, domidNow: () => number): Connect;
}

/** Makes an empty one. */
export async function createWorld({ seed, isLogKept = false, bug }: WorldOptions): Promise<World> {
  const random = new Random(seed);
  const clock = new SimulatedClock();
  const log = new EventLog({ clock, isKept: isLogKept });
  const faults = new Faults({ random: random.fork(), log });
  const store = new Store({ quotas: { nodes: GUEST_NODES } });
  const xenstored = new SimulatedXenstored({ store, clock });
  const wires = random.fork();
  const connectFor = (process: SimulatedProcess, domidNow: () => number): Connect => {
    return async () => {
      const domid = domidNow();
      const isGuest = domid !== 0;
      const crash: FaultKind = isGuest ? "agentCrash" : "hostCrash";
      const inner = xenstored.connect(domid);
      return new SimulatedTransport({ inner, process, clock, random: wires, faults, log, crash, isGuest });
    };
  };
  const toolstack = await openPlain(store, clock);
  const ledger = new SimulatedLedger({ clock, bug });
  let lastDomid = 0;
  const nextDomid = (): number => {
    lastDomid += 1;
    return lastDomid;
  };
  const kept = { ledger, operations: [], executions: [], lines: [], secrets: [], violations: [] };
  return { random, clock, log, faults, store, xenstored, toolstack, bug, nextDomid, ...kept, connectFor };
}

async function openPlain(store: Store, clock: SimulatedClock): Promise<XenstoreClient> {
  const connect: Connect = async () => {
    const [client, server] = createTransportPair();
    serve(store, server, { domid: 0, clock });
    return client;
  };
  return XenstoreClient.open({ connect, clock });
}
