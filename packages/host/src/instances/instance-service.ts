import type { Requester } from "../ports/requester.ts";
import type { Secret } from "../secret.ts";
import { findInstance } from "./action.ts";
import { BackgroundTasks } from "./background-tasks.ts";
import { createInstance } from "./build.ts";
import { changePassword } from "./change-password.ts";
import type { Instance } from "./instance.ts";
import type { InstanceContext, InstanceServiceOptions } from "./instance-context.ts";
import type { CreateRequest } from "./requests.ts";

/**
 * Everything that is done with instances. Each call throws HostError: NO_SUCH_INSTANCE for one that is
 * not there or of another project, WRONG_STATE when it cannot be done now, and what hosts and guests say.
 * What has no end when its call resolves goes on behind it, and is in the instance's state and fault.
 */
export class InstanceService {
  readonly #context: InstanceContext;
  readonly #background = new BackgroundTasks();

  constructor(options: InstanceServiceOptions) {
    this.#context = { ...options, background: this.#background };
  }

  /** The instance as it is now. */
  async find(requester: Requester, id: string): Promise<Instance> {
    return findInstance(this.#context, requester, id);
  }

  /** Begins to build an instance; it becomes active or goes into error. */
  async create(requester: Requester, request: CreateRequest): Promise<Instance> {
    return createInstance(this.#context, requester, request);
  }

  /** Sets the password of the administrator, and resolves when the guest has it. Wipes it in any case. */
  async changePassword(requester: Requester, id: string, password: Secret): Promise<void> {
    return changePassword(this.#context, requester, { id, password });
  }

  /** Resolves when nothing goes on behind answered calls. */
  async idle(): Promise<void> {
    return this.#background.idle();
  }

  /** Gives up what goes on; `recover` of the next start sees to it. Safe to call twice. */
  async close(): Promise<void> {
    await this.#background.close();
  }
}
