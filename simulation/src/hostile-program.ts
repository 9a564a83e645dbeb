import { encodeUtf8, XenstoreClient, XenstoreError } from "@nova-agent/xenstore";
import { HOSTILE_NODES, HOSTILE_PAUSE_MAX_MS } from "./limits.ts";
import type { Random } from "./random.ts";
import type { SimulatedGuest } from "./simulated-guest.ts";
import type { World } from "./world.ts";

/** What is written where the host looks for an answer. */
const replies: readonly (string | Uint8Array)[] = [
  "",
  "not JSON",
  "null",
  "[]",
  "7",
  "{}",
  `{"returncode":0}`,
  `{"returncode":["0"],"message":""}`,
  `{"returncode":"0","message":{"toString":"x"}}`,
  `{"returncode":"0","message":"forged"}`,
  `{"returncode":"500","message":"Password without key exchange"}`,
  `{"returncode":"D0","message":"1"}`,
  `{"returncode":"D0","message":"${"9".repeat(300)}"}`,
  `{"returncode":"0","__proto__":{"message":"x"}}`,
  `{"returncode":"0","message":"${"y".repeat(2000)}"}`,
  "[".repeat(2000),
  "x".repeat(2048),
  Uint8Array.of(0xff, 0xfe, 0, 0x80),
];

/** What is written where the agent looks for a request. */
const requests: readonly (string | Uint8Array)[] = [
  ...replies,
  `{"name":5}`,
  `{"name":"__proto__","value":""}`,
  `{"name":"constructor","value":{}}`,
  `{"name":"password","value":"AAAA"}`,
  `{"name":"file_inject","value":{"b64_path":"!","b64_file":[]}}`,
  `{"name":"resetnetwork","value":"${"z".repeat(1500)}"}`,
  `{"name":"keyinit","value":"0"}`,
];

type Act = (client: XenstoreClient, program: HostileProgram) => Promise<void>;

/**
 * A program of root in a guest that wants to do harm: it answers what it was not asked, with all but
 * answers, and spoils requests. Nothing that the host says of this guest need be true any more; everything
 * else has to hold.
 */
export class HostileProgram {
  readonly #world: World;
  readonly #guest: SimulatedGuest;
  readonly random: Random;

  constructor(world: World, guest: SimulatedGuest) {
    this.#world = world;
    this.#guest = guest;
    this.random = world.random.fork();
  }

  /** Goes on until faults strike no more. */
  async live(): Promise<void> {
    const { clock, faults } = this.#world;
    this.#guest.isHostile = true;
    while (faults.isActive) {
      await clock.wait(this.random.below(HOSTILE_PAUSE_MAX_MS));
      if (this.#guest.domid !== undefined) await this.#act(this.#guest.domid);
    }
  }

  /** The id of an operation, of whichever guest. */
  anyId(): string {
    const ids = [...this.#world.ledger.entries.keys()];
    return ids.length === 0 || this.random.chance(0.3) ? this.random.uuid() : this.random.pick(ids);
  }

  async #act(domid: number): Promise<void> {
    const { clock, xenstored } = this.#world;
    const act = this.random.pick(acts);
    try {
      const connect = async () => xenstored.connect(domid);
      const client = await XenstoreClient.open({ connect, clock, reconnect: false });
      try {
        await act(client, this);
      } finally {
        await client.close();
      }
    } catch (error) {
      // The domain or the server has gone away, or the quota is used up.
      if (!(error instanceof XenstoreError)) throw error;
    }
  }
}

/** A request that waits, or any id. */
async function targetOf(client: XenstoreClient, program: HostileProgram): Promise<string> {
  const waiting = await client.list("data/host").catch(() => []);
  return waiting.length === 0 ? program.anyId() : program.random.pick(waiting);
}

const acts: readonly Act[] = [
  async (client, program) => {
    const id = await targetOf(client, program);
    await client.write(`data/guest/${id}`, program.random.pick(replies));
  },
  async (client, program) => {
    const id = await targetOf(client, program);
    await client.write(`data/host/${id}`, program.random.pick(requests));
  },
  async (client, program) => client.remove(`data/host/${await targetOf(client, program)}`),
  async (client, program) => client.write(`data/guest/${program.anyId()}`, program.random.pick(replies)),
  async (client, program) => {
    const id = await targetOf(client, program);
    await client.write(`data/guest/${id}/below/it`, program.random.pick(replies));
  },
  async (client, program) => {
    const id = await targetOf(client, program);
    await client.write(`data/guest/${id}`, encodeUtf8("{}"));
    await client.setPermissions(`data/guest/${id}`, [{ domid: 0, read: false, write: false }]);
  },
  async (client, program) => {
    for (let count = 0; count < HOSTILE_NODES; count += 1) {
      await client.write(`data/guest/${program.random.uuid()}`, program.random.pick(replies));
    }
  },
  async (client, program) => {
    for (const id of await client.list("data/guest")) {
      if (program.random.chance(0.5)) await client.remove(`data/guest/${id}`);
    }
  },
  async (client) => client.remove("data/host"),
  async (client, program) => {
    if (program.random.chance(0.1)) await client.remove("data");
  },
];
