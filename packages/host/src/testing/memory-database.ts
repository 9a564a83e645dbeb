import { HostError } from "../errors.ts";
import type { Action, ActionEvent, FreePort, Instance, Port } from "../instances/instance.ts";
import type { InstanceDatabase } from "../instances/instance-context.ts";
import type { Flavor, Image, KeyPair, Network } from "../instances/inventory.ts";
import type { AuditRow, InstanceFilter, InstanceRepository } from "../ports/repositories.ts";

/** What instances need of the database, in memory, and what tests look at in it. */
export interface MemoryDatabase extends InstanceDatabase {
  readonly auditRows: readonly AuditRow[];
  /** As it is now; throws when it is not there. */
  instance(id: string): Instance;
  /** Puts an instance or its next state in, whatever it is. */
  put(instance: Instance): void;
  /** The action of a request, with its events as text: `password Success`. */
  eventsOf(requestId: string): readonly string[];
}

export function memoryDatabase(now: () => Date): MemoryDatabase {
  const instances = new Map<string, Instance>();
  const auditRows: AuditRow[] = [];
  const actions = memoryActions(now);
  const instance = (id: string): Instance => {
    const found = instances.get(id);
    if (found === undefined) throw new Error(`There is no instance ${id}`);
    return found;
  };
  return {
    instances: memoryInstances(instances),
    actions: actions.repository,
    inventory: memoryInventory(),
    audit: {
      record: async (row) => void auditRows.push(row),
      list: async () => auditRows.toReversed(),
    },
    auditRows,
    instance,
    put: (changed) => void instances.set(changed.id, changed),
    eventsOf: (requestId) => actions.eventsOf(requestId),
  };
}

function assertStays(instance: Instance | undefined, id: string): void {
  if (instance?.deletedAt === null && instance.taskState !== "deleting") return;
  throw new HostError("NO_SUCH_INSTANCE", `Instance ${id} could not be found.`);
}

function memoryInstances(instances: Map<string, Instance>): InstanceRepository {
  const ports = new Map<string, Port>();
  const freePorts = new Map<string, FreePort>();
  const projects = new Map<string, string>();
  const inNetwork = (networkId: string) =>
    [...ports.values(), ...freePorts.values()].filter((port) => port.networkId === networkId);
  const addresses = (networkId: string) =>
    inNetwork(networkId).flatMap(({ fixedIps }) => fixedIps.map(({ address }) => address));
  return {
    insert: async (instance) => void instances.set(instance.id, instance),
    find: async (id) => instances.get(id),
    list: async (filter) => pageOf([...instances.values()], filter),
    async update(id, changes, expected) {
      const instance = instances.get(id);
      if (instance === undefined || instance.deletedAt !== null) return false;
      if (expected !== undefined && expected.taskState !== instance.taskState) return false;
      instances.set(id, { ...instance, ...changes });
      return true;
    },
    async changeMetadata(id, decide) {
      const instance = instances.get(id);
      if (instance === undefined || instance.deletedAt !== null) return undefined;
      const metadata = decide(instance.metadata);
      instances.set(id, { ...instance, metadata });
      return { former: instance.metadata, metadata };
    },
    ports: async (id) => [...ports.values()].filter(({ instanceId }) => instanceId === id),
    portsOf: async (ids) => {
      const entries = ids.map(
        (id) => [id, [...ports.values()].filter((port) => port.instanceId === id)] as const,
      );
      return new Map(entries.filter(([, list]) => list.length > 0));
    },
    findPort: async (id) => ports.get(id),
    async insertPort(port) {
      assertStays(instances.get(port.instanceId), port.instanceId);
      const taken = new Set(addresses(port.networkId));
      if (port.fixedIps.some(({ address }) => taken.has(address))) {
        throw new HostError("ADDRESS_TAKEN", "An address is in use");
      }
      ports.set(port.id, port);
    },
    async setFixedIps(portId, fixedIps) {
      const port = ports.get(portId);
      if (port === undefined) throw new HostError("NO_SUCH_PORT", `Port ${portId} could not be found.`);
      ports.set(portId, { ...port, fixedIps });
    },
    freePorts: async (projectId) => [...freePorts.values()].filter((port) => port.projectId === projectId),
    findFreePort: async (id) => freePorts.get(id),
    insertFreePort: async (port) => void freePorts.set(port.id, port),
    removeFreePort: async (id) => freePorts.delete(id),
    async bindPort(id, place) {
      assertStays(instances.get(place.instanceId), place.instanceId);
      const free = freePorts.get(id);
      if (free === undefined) return false;
      const { projectId, ...card } = free;
      projects.set(id, projectId);
      freePorts.delete(id);
      ports.set(id, { ...card, ...place });
      return true;
    },
    async releasePort(id) {
      const port = ports.get(id);
      ports.delete(id);
      const projectId = projects.get(id);
      if (port === undefined || projectId === undefined) return;
      const { instanceId: _instanceId, index: _index, name = "", ...card } = port;
      freePorts.set(id, { ...card, name, projectId });
    },
    removePort: async (id) => void ports.delete(id),
    usedAddresses: async (networkId) => addresses(networkId),
  };
}

/** In the order of their making, which is that of the map. */
function pageOf(instances: readonly Instance[], { ids, vmStates, marker, limit }: InstanceFilter) {
  const found = instances.filter(
    ({ id, deletedAt, vmState }) =>
      deletedAt === null && (vmStates?.includes(vmState) ?? true) && (ids?.includes(id) ?? true),
  );
  const from = marker === undefined ? 0 : found.findIndex(({ id }) => id === marker) + 1;
  return found.slice(from, from + (limit ?? found.length));
}

function memoryActions(now: () => Date) {
  const actions = new Map<string, Action>();
  const change = (requestId: string, next: (action: Action) => Partial<Action>): void => {
    const action = actions.get(requestId);
    if (action === undefined) throw new Error(`There is no action ${requestId}`);
    actions.set(requestId, { ...action, ...next(action), updatedAt: now() });
  };
  const repository: InstanceDatabase["actions"] = {
    async begin({ requestId, userId, projectId }, what) {
      const action = { requestId, userId, projectId, ...what, startedAt: now(), updatedAt: now() };
      actions.set(requestId, { ...action, endedAt: null, message: null, events: [] });
    },
    async beginEvent(requestId, event) {
      const begun = { event, startedAt: now(), finishedAt: null, result: null, details: null };
      change(requestId, ({ events }) => ({ events: [...events, begun] }));
    },
    async endEvent(requestId, { event, isSuccess, details }) {
      const result = isSuccess ? "Success" : "Error";
      const end = { finishedAt: now(), result, details: details ?? null } as const;
      const ended = (former: ActionEvent) =>
        former.event === event && former.finishedAt === null ? { ...former, ...end } : former;
      change(requestId, ({ events }) => ({ events: events.map(ended) }));
    },
    async end(requestId, message) {
      change(requestId, () => ({ message, endedAt: now() }));
    },
    list: async (instanceId) =>
      [...actions.values()].filter((action) => action.instanceId === instanceId).toReversed(),
    find: async (_instanceId, requestId) => actions.get(requestId),
    unfinished: async () => [...actions.values()].filter(({ endedAt }) => endedAt === null),
  };
  const eventsOf = (requestId: string): readonly string[] =>
    (actions.get(requestId)?.events ?? []).map(({ event, result }) => `${event} ${result ?? "unfinished"}`);
  return { repository, eventsOf };
}

function memoryInventory(): InstanceDatabase["inventory"] {
  const images = new Map<string, Image>();
  const flavors = new Map<string, Flavor>();
  const networks = new Map<string, Network>();
  const keyPairs = new Map<string, KeyPair>();
  return {
    images: async () => [...images.values()],
    findImage: async (id) => images.get(id),
    insertImage: async (image) => void images.set(image.id, image),
    flavors: async () => [...flavors.values()],
    findFlavor: async (id) => flavors.get(id),
    insertFlavor: async (flavor) => void flavors.set(flavor.id, flavor),
    networks: async () => [...networks.values()],
    findNetwork: async (id) => networks.get(id),
    insertNetwork: async (network) => void networks.set(network.id, network),
    keyPairs: async () => [...keyPairs.values()],
    findKeyPair: async (userId, name) => keyPairs.get(`${userId} ${name}`),
    insertKeyPair: async (keyPair) => void keyPairs.set(`${keyPair.userId} ${keyPair.name}`, keyPair),
    removeKeyPair: async (userId, name) => keyPairs.delete(`${userId} ${name}`),
  };
}
