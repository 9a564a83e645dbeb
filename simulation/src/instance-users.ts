import { HostError, type Instance, type InstanceService, type Requester, Secret } from "@nova-agent/host";
import { encodeUtf8 } from "@nova-agent/xenstore";
import { claimOfError } from "./claims.ts";
import { INJECTED_PATHS } from "./guest-disk.ts";
import { ACTIONS_MAX, ACTIONS_MIN, INSTANCES_MAX, TROUBLE_MS } from "./limits.ts";
import type { Outcome } from "./operation-task.ts";
import type { Random } from "./random.ts";
import { NETWORK_IDS, type SimulatedDatabase } from "./simulated-database.ts";
import type { SimulatedHost } from "./simulated-host.ts";
import type { World } from "./world.ts";

/** What a user asked for, and was told. */
export interface AskedAction {
  /** Of the action, and of every operation that belongs to it. */
  readonly requestId: string;
  readonly name: ActionName;
  readonly password: string;
  readonly path: string;
  readonly content: string;
  /** Of the guest that has to do it, because nothing goes wrong any more. */
  readonly probed: string | undefined;
  /** Undefined for who was told nothing, because the service ended. */
  outcome?: Outcome;
}

type Act = (
  service: InstanceService,
  asked: { readonly requester: Requester; readonly action: AskedAction; readonly instance: Instance },
  users: InstanceUsers,
) => Promise<unknown>;

const acts = {
  changePassword: (service, { requester, instance, action }) =>
    service.changePassword(requester, instance.id, secretOf(action)),
  rescue: (service, { requester, instance, action }) =>
    service.rescue(requester, instance.id, { adminPass: secretOf(action) }),
  unrescue: (service, { requester, instance }) => service.unrescue(requester, instance.id),
  attach: (service, { requester, instance }) =>
    service.attachInterface(requester, instance.id, { networkId: "private" }),
  detach: async (service, { requester, instance }, users) =>
    service.detachInterface(requester, instance.id, await users.anyPort(instance.id)),
  rebootSoft: (service, { requester, instance }) => service.reboot(requester, instance.id, "soft"),
  rebootHard: (service, { requester, instance }) => service.reboot(requester, instance.id, "hard"),
  stop: (service, { requester, instance }) => service.stop(requester, instance.id),
  start: (service, { requester, instance }) => service.start(requester, instance.id),
  resetNetwork: (service, { requester, instance }) => service.resetNetwork(requester, instance.id),
  register: (service, { requester, instance, action }) =>
    service.registerRedHat(requester, instance.id, {
      activationKey: action.password,
      profile: instance.name,
      domains: ["satellite.example"],
      org: "example",
    }),
  remove: (service, { requester, instance }) => service.remove(requester, instance.id),
} as const satisfies Readonly<Record<string, Act>>;

type ActionName = keyof typeof acts | "create";

/** What users like to do with an instance in a state. */
const likely: Readonly<Record<Instance["vmState"], readonly (keyof typeof acts)[]>> = {
  building: ["remove"],
  active: [
    ...(["changePassword", "changePassword", "rescue", "rescue", "attach", "attach", "detach"] as const),
    ...(["rebootSoft", "rebootHard", "stop", "resetNetwork", "register"] as const),
  ],
  stopped: ["start", "start", "rescue", "attach"],
  rescued: ["unrescue"],
  error: ["rebootHard", "rescue", "remove"],
  deleted: ["start"],
};

/** People who build instances and do things with them, through the service that runs at the moment. */
export class InstanceUsers {
  readonly asked: AskedAction[] = [];
  readonly #world: World;
  readonly #random: Random;
  readonly #host: SimulatedHost;
  readonly #database: SimulatedDatabase;

  constructor(
    world: World,
    { host, database }: { readonly host: SimulatedHost; readonly database: SimulatedDatabase },
  ) {
    this.#world = world;
    this.#random = world.random.fork();
    this.#host = host;
    this.#database = database;
  }

  /** Decides what is asked when. */
  plan(): void {
    const { clock } = this.#world;
    const builds = this.#random.between(1, INSTANCES_MAX);
    for (let number = 1; number <= builds; number += 1) {
      clock.after(this.#random.below(TROUBLE_MS / 8), () => this.#begin("create"));
    }
    const count = this.#random.between(ACTIONS_MIN, ACTIONS_MAX);
    for (let number = 1; number <= count; number += 1) {
      clock.after(this.#random.between(TROUBLE_MS / 20, TROUBLE_MS), () => this.#begin("any"));
    }
  }

  /** Asks an instance that runs whether all is well again. */
  probe({ id }: Pick<Instance, "id">): void {
    this.#begin("probe", id);
  }

  async anyPort(instanceId: string): Promise<string> {
    const ports = await this.#database.memory.instances.ports(instanceId);
    return ports.length === 0 ? "none" : this.#random.pick(ports).id;
  }

  #begin(what: "create" | "any" | "probe", id?: string): void {
    this.#ask(what, id).catch((error: unknown) => {
      this.#world.violations.push(`a user met a fault of the program: ${String(error)}`);
    });
  }

  async #ask(what: "create" | "any" | "probe", id: string | undefined): Promise<void> {
    const { memory } = this.#database;
    const [service, process] = [this.#host.instances, this.#host.process];
    const instances = (await memory.instances.list({})).filter(({ vmState }) => vmState !== "deleted");
    if (service === undefined || process === undefined) return;
    if (what === "any" && instances.length === 0) return;
    const instance =
      what === "create" ? undefined : id === undefined ? this.#random.pick(instances) : memory.instance(id);
    const probed = what === "probe" ? instance?.name : undefined;
    const name =
      instance === undefined ? "create" : probed === undefined ? this.#nameFor(instance) : "changePassword";
    const action = this.#newAction(name, probed);
    this.#world.log.record(`${action.requestId} asks to ${name} ${instance?.name ?? ""}`);
    const outcome = await this.#outcomeOf(() => this.#act(service, action, instance));
    if (!process.isAlive) return;
    action.outcome = outcome;
    this.#world.lines.push(outcome.text);
    this.#world.log.record(`${action.requestId} ended: ${outcome.claim} ${outcome.text}`);
  }

  #nameFor({ vmState }: Instance): keyof typeof acts {
    const all = Object.keys(acts) as readonly (keyof typeof acts)[];
    return this.#random.pick(this.#random.chance(0.8) ? likely[vmState] : all);
  }

  #newAction(name: ActionName, probed: string | undefined): AskedAction {
    const number = this.asked.length + 1;
    const password = `secret-${number}-${this.#random.next()}`;
    const content = `content ${number} ${this.#random.next()}`;
    const path = this.#random.pick(INJECTED_PATHS);
    const action = { requestId: `req-${number}`, name, password, path, content, probed };
    this.asked.push(action);
    this.#world.secrets.push(password);
    return action;
  }

  async #act(
    service: InstanceService,
    action: AskedAction,
    instance: Instance | undefined,
  ): Promise<unknown> {
    const { requestId, path, content } = action;
    const requester: Requester = { requestId, userId: "user", projectId: "project", roles: ["member"] };
    if (instance !== undefined && action.name !== "create") {
      const act: Act = acts[action.name];
      return act(service, { requester, action, instance }, this);
    }
    return service.create(requester, {
      name: `vm-${requestId}`,
      imageId: "debian",
      flavorId: "small",
      cards: NETWORK_IDS.slice(0, this.#random.between(1, 2)).map((networkId) => ({ networkId })),
      metadata: {},
      adminPass: secretOf(action),
      files: [{ path, content: encodeUtf8(content) }],
      keyName: null,
    });
  }

  async #outcomeOf(act: () => Promise<unknown>): Promise<Outcome> {
    try {
      await act();
      return { claim: "done", text: "accepted" };
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return { claim: claimOfError(error), text: `${error.code} ${error.message}` };
    }
  }
}

function secretOf({ password }: AskedAction): Secret {
  return new Secret(encodeUtf8(password));
}
