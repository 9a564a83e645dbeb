import { createTransportPair, serve, XenstoreClient, XenstoreError } from "@nova-agent/xenstore";
import { HostileProgram } from "./hostile-program.ts";
import {
  AWAY_MAX_MS,
  AWAY_MIN_MS,
  DOWN_MAX_MS,
  DOWN_MIN_MS,
  FULL_MAX_MS,
  FULL_MIN_MS,
  GUEST_NODES,
  LOOK_MAX_MS,
  LOOK_MIN_MS,
} from "./limits.ts";
import type { Random } from "./random.ts";
import type { Scenario } from "./scenario.ts";
import type { SimulatedGuest } from "./simulated-guest.ts";
import type { World } from "./world.ts";

/** What befalls whole domains, XenStore's server and the control service, for as long as faults strike. */
export class Trouble {
  readonly #world: World;
  readonly #scenario: Pick<Scenario, "guests" | "host" | "renewsVmData">;
  readonly #random: Random;

  constructor(world: World, scenario: Pick<Scenario, "guests" | "host" | "renewsVmData">) {
    this.#world = world;
    this.#scenario = scenario;
    this.#random = world.random.fork();
  }

  /** Goes on for ever; does nothing when faults do not strike. */
  async live(): Promise<void> {
    const { clock } = this.#world;
    for (;;) {
      await clock.wait(this.#random.between(LOOK_MIN_MS, LOOK_MAX_MS));
      await this.#befall();
    }
  }

  async #befall(): Promise<void> {
    const { faults, xenstored } = this.#world;
    const here = this.#scenario.guests.filter(({ domid }) => domid !== undefined);
    const guest = here.length === 0 ? undefined : this.#random.pick(here);
    if (faults.strikes("storeRestarts", "xenstored")) {
      await xenstored.restart(this.#random.between(DOWN_MIN_MS, DOWN_MAX_MS));
    } else if (faults.strikes("hostStops", "the host")) {
      await this.#scenario.host.stop();
    } else if (guest?.domid !== undefined) {
      await this.#befallGuest(guest, guest.domid);
    }
  }

  async #befallGuest(guest: SimulatedGuest, domid: number): Promise<void> {
    const { faults, clock } = this.#world;
    const { name } = guest;
    const isSuspended = faults.strikes("domainMoves", name);
    if (isSuspended || faults.strikes("domainReboots", name)) {
      await guest.leave({ isSuspended });
      if (!isSuspended && this.#scenario.renewsVmData && this.#random.chance(0.5)) guest.forgetVmData();
      const { turn } = guest;
      await clock.wait(this.#random.between(AWAY_MIN_MS, AWAY_MAX_MS));
      // A toolstack may have been told meanwhile to start it, or not to.
      if (guest.turn === turn) await guest.appear(this.#world.nextDomid());
    } else if (faults.strikes("domainGone", name)) {
      await guest.leave({ isSuspended: false });
    } else if (faults.strikes("quotaFull", name)) {
      await this.#fillQuota(domid);
    } else if (faults.strikes("diskFull", name)) {
      guest.disk.isFull = true;
      await this.#waitFull();
      guest.disk.isFull = false;
    } else if (!guest.isHostile && faults.strikes("hostileGuest", name)) {
      new HostileProgram(this.#world, guest)
        .live()
        .catch((error: unknown) =>
          this.#world.violations.push(`the hostile program failed: ${String(error)}`),
        );
    }
  }

  async #waitFull(): Promise<void> {
    await this.#world.clock.wait(this.#random.between(FULL_MIN_MS, FULL_MAX_MS));
  }

  /** Another program of the guest uses its nodes up, and gives them back after a while. */
  async #fillQuota(domid: number): Promise<void> {
    const { store, clock } = this.#world;
    const connect = async () => {
      const [client, server] = createTransportPair();
      serve(store, server, { domid, clock });
      return client;
    };
    const client = await XenstoreClient.open({ connect, clock, reconnect: false });
    try {
      for (let count = 0; count <= GUEST_NODES; count += 1) await client.write(`data/other/${count}`, "");
    } catch (error) {
      if (!(error instanceof XenstoreError)) throw error;
    }
    await this.#waitFull();
    await client.remove("data/other").catch(() => undefined);
    await client.close();
  }
}
