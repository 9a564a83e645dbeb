import { type DomainInfo, type DomainSpec, HostError, type Toolstack, type VifSpec } from "@nova-agent/host";
import { gated } from "./gate.ts";
import { CALL_MAX_MS, CALL_MIN_MS } from "./limits.ts";
import type { Random } from "./random.ts";
import { SimulatedGuest } from "./simulated-guest.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import type { World } from "./world.ts";

/** What the toolstack has of one instance. */
export interface Machine {
  readonly uuid: string;
  readonly name: string;
  /** With the instance's own disk. */
  readonly own: SimulatedGuest;
  /** With the disk of a rescue system, while it is to boot that. */
  rescue: SimulatedGuest | undefined;
  vifs: readonly VifSpec[];
  hasDisk: boolean;
}

/** The toolstack of the host: what was begun goes on when the service that asked for it has ended. */
export class SimulatedToolstack {
  readonly machines = new Map<string, Machine>();
  readonly #world: World;
  readonly #random: Random;
  /** One call at a time for an instance. */
  readonly #calls = new Map<string, Promise<unknown>>();
  #rescues = 0;

  constructor(world: World) {
    this.#world = world;
    this.#random = world.random.fork();
  }

  /** All guests that there have been. */
  readonly guests: SimulatedGuest[] = [];

  /** As a process sees it: each call takes time, fails before or after its effect, or is its last. */
  connect(process: SimulatedProcess): Toolstack {
    const { faults, clock } = this.#world;
    const port: Toolstack = {
      list: async () => [...this.machines.values()].flatMap((machine) => infoOf(machine) ?? []),
      find: async (uuid) => infoOf(this.machines.get(uuid)),
      create: async (spec) => this.#inTurn(spec.uuid, () => this.#create(spec)),
      shutdown: async (uuid) => this.#inTurn(uuid, () => this.#end(this.#running(uuid))),
      reboot: async (uuid) => this.#inTurn(uuid, () => this.#reboot(this.#running(uuid))),
      destroy: async (uuid) => this.#inTurn(uuid, () => this.#end(this.machines.get(uuid))),
      removeDisks: async (uuid) => this.#inTurn(uuid, async () => this.#removeDisks(uuid)),
      attachVif: async (uuid, vif) => this.#inTurn(uuid, async () => this.#plug(this.#running(uuid), vif)),
      detachVif: async (uuid, mac) => this.#inTurn(uuid, async () => this.#unplug(this.#running(uuid), mac)),
      consoleLog: async () => undefined,
      close: async () => undefined,
    };
    return gated(port, async (name, act) => {
      await clock.wait(this.#random.between(CALL_MIN_MS, CALL_MAX_MS));
      if (!process.isAlive) return new Promise(() => undefined);
      const isFailing = faults.strikes("toolstackFails", name);
      if (isFailing && this.#random.chance(0.5)) throw failure(name);
      const result = await act();
      if (!process.isAlive) return new Promise(() => undefined);
      if (isFailing) throw failure(name);
      return result;
    });
  }

  async #inTurn<Result>(uuid: string, act: () => Promise<Result>): Promise<Result> {
    const former = this.#calls.get(uuid) ?? Promise.resolve();
    const call = former.catch(() => undefined).then(act);
    this.#calls.set(uuid, call);
    return call;
  }

  async #create(spec: DomainSpec): Promise<DomainInfo> {
    const machine = this.machines.get(spec.uuid) ?? this.#newMachine(spec);
    if (infoOf(machine) !== undefined) throw new HostError("TOOLSTACK_FAILED", "It runs already");
    if (!machine.hasDisk) throw new HostError("TOOLSTACK_FAILED", "It has no disk any more");
    machine.own.stayAway();
    machine.vifs = this.#world.bug === "plugsNothing" ? [] : spec.vifs;
    machine.rescue = spec.boot === "rescue" ? this.#newRescue(spec) : undefined;
    const guest = machine.rescue ?? machine.own;
    guest.disk.kernel.setCards(spec.vifs);
    await guest.appear(this.#world.nextDomid(), spec.vmData);
    return infoOrFail(machine);
  }

  async #reboot(machine: Machine): Promise<DomainInfo> {
    const guest = machine.rescue ?? machine.own;
    await guest.leave({ isSuspended: false });
    await guest.appear(this.#world.nextDomid());
    return infoOrFail(machine);
  }

  async #end(machine: Machine | undefined): Promise<void> {
    if (this.#world.bug === "endsNothing") return;
    for (const guest of [machine?.own, machine?.rescue]) {
      guest?.stayAway();
      await guest?.leave({ isSuspended: false });
    }
  }

  #removeDisks(uuid: string): void {
    const machine = this.machines.get(uuid);
    if (machine !== undefined) machine.hasDisk = false;
  }

  #plug(machine: Machine, vif: VifSpec): void {
    if (machine.vifs.some(({ mac }) => mac === vif.mac)) return;
    this.#setVifs(machine, [...machine.vifs, vif]);
  }

  #unplug(machine: Machine, mac: string): void {
    this.#setVifs(
      machine,
      machine.vifs.filter((vif) => vif.mac !== mac),
    );
  }

  #setVifs(machine: Machine, vifs: readonly VifSpec[]): void {
    machine.vifs = vifs;
    (machine.rescue ?? machine.own).disk.kernel.setCards(vifs);
  }

  #newMachine(spec: DomainSpec): Machine {
    const { uuid, name } = spec;
    const own = this.#newGuest(spec, name);
    const machine = { uuid, name, own, rescue: undefined, vifs: spec.vifs, hasDisk: true };
    this.machines.set(uuid, machine);
    return machine;
  }

  #newRescue(spec: DomainSpec): SimulatedGuest {
    this.#rescues += 1;
    return this.#newGuest(spec, `rescue-${this.#rescues}`);
  }

  #newGuest({ uuid, vifs: cards }: DomainSpec, name: string): SimulatedGuest {
    const guest = new SimulatedGuest(this.#world, { name, uuid, cards });
    this.guests.push(guest);
    return guest;
  }

  #running(uuid: string): Machine {
    const machine = this.machines.get(uuid);
    if (machine !== undefined && infoOf(machine) !== undefined) return machine;
    throw new HostError("NO_SUCH_DOMAIN", `No domain is ${uuid}`);
  }
}

function infoOf(machine: Machine | undefined): DomainInfo | undefined {
  const domid = machine?.rescue?.domid ?? machine?.own.domid;
  return machine === undefined || domid === undefined
    ? undefined
    : { uuid: machine.uuid, domid, name: machine.name };
}

function infoOrFail(machine: Machine): DomainInfo {
  const info = infoOf(machine);
  if (info === undefined) throw new HostError("TOOLSTACK_FAILED", "The domain ended at its start");
  return info;
}

function failure(name: string): HostError {
  return new HostError("TOOLSTACK_FAILED", `${name}: it does not work at the moment`);
}
