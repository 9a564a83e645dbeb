import { HostError, type Instance, type Requester, type Secret } from "@nova-agent/host";
import type { ComputeDatabase, InstanceActions } from "../../../src/compute/compute-options.ts";

/** What was asked of an instance, passwords in plain text. */
export interface Asked {
  readonly what: string;
  readonly id: string;
  readonly input: unknown;
}

/** Instances of a database whose guests do at once what is asked of them. */
export class FakeInstances implements InstanceActions {
  readonly asked: Asked[] = [];
  /** What the next call throws in place of what it does. */
  failure: HostError | undefined;
  readonly #database: ComputeDatabase;

  constructor(database: ComputeDatabase) {
    this.#database = database;
  }

  async find(requester: Requester, id: string): Promise<Instance> {
    const instance = await this.#database.instances.find(id);
    const isTheirs = instance?.projectId === requester.projectId || requester.roles.includes("admin");
    if (instance !== undefined && isTheirs && instance.deletedAt === null) return instance;
    throw new HostError("NO_SUCH_INSTANCE", `Instance ${id} could not be found.`);
  }

  async changePassword(requester: Requester, id: string, password: Secret): Promise<void> {
    await this.#ask("changePassword", { requester, id, input: textOf(password) });
  }

  async #ask(
    what: string,
    {
      requester,
      id,
      input,
    }: { readonly requester: Requester; readonly id: string; readonly input?: unknown },
  ): Promise<Instance> {
    const instance = await this.find(requester, id);
    this.asked.push({ what, id, input });
    const { failure } = this;
    this.failure = undefined;
    if (failure !== undefined) throw failure;
    return instance;
  }
}

function textOf(secret: Secret): string {
  const text = new TextDecoder().decode(secret.reveal());
  secret.wipe();
  return text;
}
