import {
  type ActivationRequest,
  type CardRequest,
  type CreateRequest,
  type FixedIp,
  HostError,
  type Instance,
  type Port,
  type Requester,
  type RescueRequest,
  type Secret,
} from "@nova-agent/host";
import type { ComputeDatabase, InstanceActions } from "../../../src/compute/compute-options.ts";
import { instanceOf, portOf } from "./samples.ts";

/** What was asked of an instance, passwords in plain text. */
export interface Asked {
  readonly what: string;
  readonly id: string;
  readonly input?: unknown;
}

interface Asking {
  readonly requester: Requester;
  readonly id: string;
  readonly input?: unknown;
}

/** Instances of a database whose guests do at once what is asked of them. */
export class FakeInstances implements InstanceActions {
  asked: Asked[] = [];
  /** What the next call throws in place of what it does. */
  failure: HostError | undefined;
  console: string | undefined;
  readonly #database: ComputeDatabase;
  readonly #newId: () => string;

  constructor(database: ComputeDatabase, newId: () => string) {
    this.#database = database;
    this.#newId = newId;
  }

  async find(requester: Requester, id: string): Promise<Instance> {
    const instance = await this.#database.instances.find(id);
    const isTheirs = instance?.projectId === requester.projectId || requester.roles.includes("admin");
    if (instance !== undefined && isTheirs && instance.deletedAt === null) return instance;
    throw new HostError("NO_SUCH_INSTANCE", `Instance ${id} could not be found.`);
  }

  async create(requester: Requester, { adminPass, ...request }: CreateRequest): Promise<Instance> {
    const { name, imageId, flavorId, keyName, metadata } = request;
    const { projectId, userId } = requester;
    const id = this.#newId();
    const own = { id, projectId, userId, name, imageId, flavorId, keyName, metadata };
    const instance = instanceOf({ ...own, vmState: "building", taskState: "spawning", progress: 0 });
    this.asked.push({ what: "create", id, input: { ...request, adminPass: textOf(adminPass) } });
    this.#failIfToldTo();
    await this.#database.instances.insert(instance);
    return instance;
  }

  async remove(requester: Requester, id: string): Promise<void> {
    await this.#ask("remove", { requester, id });
    const deletedAt = new Date("2026-01-03T00:00:00Z");
    await this.#database.instances.update(id, { vmState: "deleted", deletedAt });
  }

  async changePassword(requester: Requester, id: string, password: Secret): Promise<void> {
    await this.#ask("changePassword", { requester, id, input: textOf(password) });
  }

  async reboot(requester: Requester, id: string, input: "soft" | "hard"): Promise<void> {
    await this.#ask("reboot", { requester, id, input });
  }

  async start(requester: Requester, id: string): Promise<void> {
    await this.#ask("start", { requester, id });
  }

  async stop(requester: Requester, id: string): Promise<void> {
    await this.#ask("stop", { requester, id });
  }

  async rescue(requester: Requester, id: string, { adminPass, imageId }: RescueRequest): Promise<void> {
    await this.#ask("rescue", { requester, id, input: { adminPass: textOf(adminPass), imageId } });
  }

  async unrescue(requester: Requester, id: string): Promise<void> {
    await this.#ask("unrescue", { requester, id });
  }

  async resetNetwork(requester: Requester, id: string): Promise<void> {
    await this.#ask("resetNetwork", { requester, id });
  }

  async injectNetworkInfo(requester: Requester, id: string): Promise<void> {
    await this.#ask("injectNetworkInfo", { requester, id });
  }

  async attachInterface(requester: Requester, id: string, request: CardRequest): Promise<Port> {
    await this.#ask("attachInterface", { requester, id, input: request });
    if (request.portId !== undefined) {
      const bound = await this.#database.instances.bindPort(request.portId, { instanceId: id, index: 1 });
      const port = await this.#database.instances.findPort(request.portId);
      if (bound && port !== undefined) return port;
      throw new HostError("NO_SUCH_PORT", `Port id ${request.portId} could not be found.`);
    }
    const address = request.fixedIp ?? "192.0.2.77";
    const { networkId } = request;
    const portId = this.#newId();
    const port = portOf({
      id: portId,
      instanceId: id,
      networkId,
      mac: `00:16:3e:${portId.slice(-6).replaceAll(/..(?=.)/g, "$&:")}`,
      index: 1,
      fixedIps: [{ address, prefixLength: 24 }],
    });
    await this.#database.instances.insertPort(port);
    return port;
  }

  async detachInterface(requester: Requester, id: string, portId: string): Promise<void> {
    await this.#ask("detachInterface", { requester, id, input: portId });
    const port = await this.#database.instances.findPort(portId);
    if (port?.instanceId !== id) throw new HostError("NO_SUCH_PORT", `Port ${portId} could not be found.`);
    await this.#database.instances.removePort(portId);
  }

  async addFixedIp(requester: Requester, id: string, networkId: string): Promise<FixedIp> {
    await this.#ask("addFixedIp", { requester, id, input: networkId });
    return { address: "192.0.2.78", prefixLength: 24 };
  }

  async removeFixedIp(requester: Requester, id: string, address: string): Promise<void> {
    await this.#ask("removeFixedIp", { requester, id, input: address });
  }

  async setMetadata(
    requester: Requester,
    id: string,
    { metadata, isWhole }: { readonly metadata: Instance["metadata"]; readonly isWhole: boolean },
  ): Promise<Instance["metadata"]> {
    const former = await this.#ask("setMetadata", { requester, id });
    const changed = isWhole ? metadata : { ...former.metadata, ...metadata };
    await this.#database.instances.update(id, { metadata: changed });
    return changed;
  }

  async removeMetadata(requester: Requester, id: string, key: string): Promise<void> {
    const { metadata } = await this.#ask("removeMetadata", { requester, id, input: key });
    const rest = Object.fromEntries(Object.entries(metadata).filter(([name]) => name !== key));
    await this.#database.instances.update(id, { metadata: rest });
  }

  async registerRedHat(requester: Requester, id: string, input: ActivationRequest): Promise<void> {
    await this.#ask("registerRedHat", { requester, id, input });
  }

  async activateWindows(requester: Requester, id: string, input: ActivationRequest): Promise<void> {
    await this.#ask("activateWindows", { requester, id, input });
  }

  async consoleLog(requester: Requester, id: string): Promise<string | undefined> {
    await this.#ask("consoleLog", { requester, id });
    return this.console;
  }

  async #ask(what: string, { requester, id, input }: Asking): Promise<Instance> {
    const instance = await this.find(requester, id);
    this.asked.push({ what, id, ...(input === undefined ? {} : { input }) });
    this.#failIfToldTo();
    return instance;
  }

  #failIfToldTo(): void {
    const { failure } = this;
    this.failure = undefined;
    if (failure !== undefined) throw failure;
  }
}

function textOf(secret: Secret): string {
  const text = new TextDecoder().decode(secret.reveal());
  secret.wipe();
  return text;
}
