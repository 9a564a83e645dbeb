import { randomBytes, randomUUID } from "node:crypto";
import {
  type Flavor,
  guestOperations,
  type Image,
  type Instance,
  InstanceService,
  type Log,
  type Network,
  OperationRunner,
  type Requester,
  Secret,
} from "@nova-agent/host";
import { createSealer, nodeCrypto } from "@nova-agent/host/node";
import { memoryDatabase, MemoryOperations } from "@nova-agent/host/testing";
import { nodeClock } from "@nova-agent/xenstore/node";
import { type DiskHost, diskGuestMemoryMib } from "./disk-host.ts";
import { publicBridge } from "./networks.ts";
import type { GuestKind } from "../runs.ts";
import { tell } from "./world.ts";

/** The service for instances on a host, with its database in memory. */
export interface Instances {
  readonly service: InstanceService;
  /** Builds an instance; resolves when it is active. */
  readonly build: (request: BuildRequest) => Promise<Instance>;
  /** A member of the project, with a new request. */
  readonly ask: () => Requester;
  /** Resolves with the instance when nothing is done with it any more; throws what its fault says. */
  readonly settled: (id: string) => Promise<Instance>;
  /** Removes an instance, and resolves when it is gone. */
  readonly remove: (id: string) => Promise<void>;
}

export interface BuildRequest {
  readonly kind: GuestKind;
  readonly password: string;
  /** Whether it is in the only network. */
  readonly hasNetwork: boolean;
}

const kinds = ["plain", "systemd"] as const satisfies readonly GuestKind[];

const network: Network = {
  id: "public",
  projectId: undefined,
  name: "public",
  bridge: publicBridge.name,
  cidr: "198.51.100.0/24",
  cidr6: undefined,
  gateway: "198.51.100.1",
  gateway6: undefined,
  dns: ["198.51.100.1"],
  routes: [],
};

/** Instances are rescued with the one that boots faster. */
function imageOf(kind: GuestKind): Image {
  const names = { id: kind, name: kind, reference: kind };
  const needs = { osType: "linux", minDiskGib: 0, minRamMib: 0 } as const;
  return { ...names, ...needs, hasAgent: true, isRescue: kind === "plain", createdAt: new Date(0) };
}

function flavorOf(kind: GuestKind): Flavor {
  return { id: kind, name: kind, vcpus: 1, ramMib: diskGuestMemoryMib[kind], diskGib: 1 };
}

/** Starts the service; what it has to tell is progress of this run. */
export async function openInstances({ xenstore, connector, toolstack }: DiskHost): Promise<Instances> {
  const ledger = { operations: new MemoryOperations(now), sealer: createSealer(randomBytes(32)) };
  const time = { clock: nodeClock, now, newId: randomUUID };
  const runner = new OperationRunner({ connector, crypto: nodeCrypto, ...ledger, ...time });
  const database = memoryDatabase(now);
  for (const kind of kinds) {
    await database.inventory.insertImage(imageOf(kind));
    await database.inventory.insertFlavor(flavorOf(kind));
  }
  await database.inventory.insertNetwork(network);
  const operations = guestOperations(runner);
  const service = new InstanceService({ database, toolstack, operations, xenstore, log, ...time });
  await service.recover();
  const settled: Instances["settled"] = async (id) => {
    await service.idle();
    const instance = database.instance(id);
    if (instance.fault !== null) throw new Error(instance.fault.message);
    return instance;
  };
  return {
    service,
    ask,
    settled,
    build: async ({ kind, password, hasNetwork }) => {
      const { id } = await service.create(ask(), {
        name: "web",
        imageId: kind,
        flavorId: kind,
        cards: hasNetwork ? [{ networkId: network.id }] : [],
        metadata: { colour: "blue" },
        adminPass: secretOf(password),
        files: [],
        keyName: null,
      });
      return settled(id);
    },
    remove: async (id) => {
      await service.remove(ask(), id);
      await settled(id);
    },
  };
}

/** A secret of text; whoever takes it wipes it. */
export function secretOf(text: string): Secret {
  return new Secret(Buffer.from(text));
}

function ask(): Requester {
  return { userId: "alice", projectId: "demo", roles: ["member"], requestId: `req-${randomUUID()}` };
}

function now(): Date {
  return new Date();
}

const log: Log = { info: tellOf, warn: tellOf, error: tellOf };

function tellOf(message: string, fields?: Parameters<Log["info"]>[1]): void {
  tell(`${message} ${JSON.stringify(fields ?? {})}`);
}
