import { type Cloud, checkAgents, checkInstances, isExcused, judgeInstances } from "./check-instances.ts";
import { checkWorld } from "./check-world.ts";
import { InstanceUsers } from "./instance-users.ts";
import type { Scenario } from "./scenario.ts";
import { SimulatedDatabase } from "./simulated-database.ts";
import type { SimulatedGuest } from "./simulated-guest.ts";
import { SimulatedHost } from "./simulated-host.ts";
import { SimulatedToolstack } from "./simulated-toolstack.ts";
import type { World } from "./world.ts";

/** A cloud: users build instances and do things with them, and the service has a toolstack make domains. */
export class InstancesScenario implements Scenario {
  readonly host: SimulatedHost;
  readonly renewsVmData = true;
  readonly #world: World;
  readonly #cloud: Cloud;

  constructor(world: World) {
    const database = new SimulatedDatabase(world.clock);
    const toolstack = new SimulatedToolstack(world);
    this.#world = world;
    this.host = new SimulatedHost(world, { database, toolstack });
    const users = new InstanceUsers(world, { host: this.host, database });
    this.#cloud = { database, toolstack, users };
  }

  get guests(): readonly SimulatedGuest[] {
    return this.#cloud.toolstack.guests;
  }

  async begin(): Promise<void> {
    await this.#cloud.database.fill();
    await this.host.start();
    this.#world.faults.isActive = true;
    this.#cloud.users.plan();
  }

  async probe(): Promise<void> {
    const { database, toolstack, users } = this.#cloud;
    this.#world.violations.push(...(await checkAgents(this.#world, this.#cloud)));
    for (const instance of await database.memory.instances.list({ vmStates: ["active"] })) {
      const own = toolstack.machines.get(instance.id)?.own;
      if (own?.domid !== undefined && !own.isHostile) users.probe(instance);
    }
  }

  async check(): Promise<readonly string[]> {
    const own = [...this.#cloud.toolstack.machines.values()].map((machine) => machine.own);
    const judged = judgeInstances(this.#world, this.#cloud);
    const open = new Set<string>();
    for (const { uuid } of own) {
      if (isExcused(await this.#cloud.database.memory.actions.list(uuid))) open.add(uuid);
    }
    const isNetworkOpen = ({ uuid }: SimulatedGuest): boolean => open.has(uuid);
    return [
      ...checkWorld(this.#world, { guests: own, judged, isNetworkOpen }),
      ...(await checkInstances(this.#world, this.#cloud)),
    ];
  }
}
