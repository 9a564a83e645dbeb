import type { Requester } from "../ports/requester.ts";
import type { Secret } from "../secret.ts";
import { findInstance } from "./action.ts";
import { activate } from "./actions/activation.ts";
import { BackgroundTasks } from "./background-tasks.ts";
import { createInstance } from "./actions/build.ts";
import { changePassword } from "./actions/change-password.ts";
import { addFixedIp, removeFixedIp } from "./actions/fixed-ips.ts";
import { type DomainFollower, followDomains } from "./domains/follow-domains.ts";
import { injectNetworkInfo, resetNetwork } from "./actions/guest-network.ts";
import type { FixedIp, Instance, Port } from "./instance.ts";
import type { InstanceContext, InstanceServiceOptions } from "./instance-context.ts";
import { attachInterface, detachInterface } from "./actions/interfaces.ts";
import { BUILDS_AT_ONCE_MAX } from "./limits.ts";
import { removeMetadata, setMetadata } from "./actions/metadata.ts";
import { reboot, remove, start, stop } from "./actions/power.ts";
import { recoverActions } from "./recover.ts";
import { rescue, unrescue } from "./actions/rescue.ts";
import { Turns } from "./turns.ts";
import type { ActivationRequest, CardRequest, CreateRequest, RescueRequest } from "./requests.ts";

/**
 * Everything that is done with instances. Each call throws HostError: NO_SUCH_INSTANCE for one that is
 * not there or of another project, WRONG_STATE when it cannot be done now, and what hosts and guests say.
 * What has no end when its call resolves goes on behind it, and is in the instance's state and fault.
 */
export class InstanceService {
  readonly #context: InstanceContext;
  readonly #background = new BackgroundTasks();
  readonly #versions = new BackgroundTasks();
  #follower: DomainFollower | undefined;

  constructor(options: InstanceServiceOptions) {
    const tasks = { background: this.#background, versions: this.#versions };
    this.#context = { ...options, ...tasks, builds: new Turns(BUILDS_AT_ONCE_MAX) };
  }

  /** The instance as it is now. */
  async find(requester: Requester, id: string): Promise<Instance> {
    return findInstance(this.#context, requester, id);
  }

  /** Begins to build an instance; it becomes active or goes into error. */
  async create(requester: Requester, request: CreateRequest): Promise<Instance> {
    return createInstance(this.#context, requester, request);
  }

  /** Begins to remove an instance, whatever is being done with it. */
  async remove(requester: Requester, id: string): Promise<void> {
    return remove(this.#context, requester, id);
  }

  /** Sets the password of the administrator, and resolves when the guest has it. Wipes it in any case. */
  async changePassword(requester: Requester, id: string, password: Secret): Promise<void> {
    return changePassword(this.#context, requester, { id, password });
  }

  /** Begins a reboot: soft asks the guest, hard ends its domain and makes a new one. */
  async reboot(requester: Requester, id: string, kind: "soft" | "hard"): Promise<void> {
    return reboot(this.#context, requester, { id, kind });
  }

  /** Begins to start an instance that is stopped. */
  async start(requester: Requester, id: string): Promise<void> {
    return start(this.#context, requester, id);
  }

  /** Begins to stop an instance. */
  async stop(requester: Requester, id: string): Promise<void> {
    return stop(this.#context, requester, id);
  }

  /** Begins to boot a rescue system with the instance's own disk beside it. */
  async rescue(requester: Requester, id: string, request: RescueRequest): Promise<void> {
    return rescue(this.#context, requester, { id, request });
  }

  /** Begins to boot a rescued instance from its own disk again. */
  async unrescue(requester: Requester, id: string): Promise<void> {
    return unrescue(this.#context, requester, id);
  }

  /** Has the guest apply its network, and resolves when it has. */
  async resetNetwork(requester: Requester, id: string): Promise<void> {
    return resetNetwork(this.#context, requester, id);
  }

  /** Writes the instance's networks into the running guest's `vm-data`. */
  async injectNetworkInfo(requester: Requester, id: string): Promise<void> {
    return injectNetworkInfo(this.#context, requester, id);
  }

  /** Gives the instance a network card, and resolves when its guest uses it; else takes it back. */
  async attachInterface(requester: Requester, id: string, request: CardRequest): Promise<Port> {
    return attachInterface(this.#context, requester, { id, request });
  }

  /** Takes a network card away, and resolves when its guest does without it; else puts it back. */
  async detachInterface(requester: Requester, id: string, portId: string): Promise<void> {
    return detachInterface(this.#context, requester, { id, portId });
  }

  /** One more IPv4 address on the card in a network. */
  async addFixedIp(requester: Requester, id: string, networkId: string): Promise<FixedIp> {
    return addFixedIp(this.#context, requester, { id, networkId });
  }

  /** Takes an address away. */
  async removeFixedIp(requester: Requester, id: string, address: string): Promise<void> {
    return removeFixedIp(this.#context, requester, { id, address });
  }

  /** Sets items of the metadata, or with `isWhole` all of it; returns all of it. */
  async setMetadata(
    requester: Requester,
    id: string,
    change: { readonly metadata: Instance["metadata"]; readonly isWhole: boolean },
  ): Promise<Instance["metadata"]> {
    return setMetadata(this.#context, requester, { id, ...change });
  }

  /** Removes one item of the metadata. */
  async removeMetadata(requester: Requester, id: string, key: string): Promise<void> {
    return removeMetadata(this.#context, requester, { id, key });
  }

  /** Registers a guest of the Red Hat family, where its agent offers that. */
  async registerRedHat(requester: Requester, id: string, request: ActivationRequest): Promise<void> {
    return activate(this.#context, requester, { id, kind: "registerRedHat", request });
  }

  /** Activates Windows, where the guest's agent offers that. */
  async activateWindows(requester: Requester, id: string, request: ActivationRequest): Promise<void> {
    return activate(this.#context, requester, { id, kind: "activateWindows", request });
  }

  /** What the guest wrote to its console; undefined where nobody keeps it. */
  async consoleLog(requester: Requester, id: string): Promise<string | undefined> {
    const instance = await findInstance(this.#context, requester, id);
    return this.#context.toolstack.consoleLog(instance.id);
  }

  /** To be called once, at the start: sees to what was under way, and follows domains from then on. */
  async recover(): Promise<void> {
    await recoverActions(this.#context);
    this.#follower ??= followDomains(this.#context);
  }

  /** Resolves when nothing goes on behind answered calls, but for asking guests that boot for their versions. */
  async idle(): Promise<void> {
    return this.#background.idle();
  }

  /** Gives up what goes on; `recover` of the next start sees to the rest. Safe to call twice. */
  async close(): Promise<void> {
    await this.#follower?.close();
    await this.#background.close();
    await this.#versions.close();
  }
}
