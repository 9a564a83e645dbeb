import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import {
  HostConnector,
  HostError,
  readDomain,
  readVersion,
  resetNetwork,
  Secret,
  sendRequest,
  setPassword,
} from "@nova-agent/host";
import { nodeCrypto } from "@nova-agent/host/node";
import { waitFor } from "@nova-agent/testbed";
import { nodeClock } from "@nova-agent/xenstore/node";
import { MOVE_TIMEOUT_MS, PROGRAM_TIMEOUT_MS, UNKNOWN_AFTER_MS } from "../../limits.ts";
import { verifiesPassword } from "../guest-password.ts";
import { pings } from "../networks.ts";
import { writeVmData } from "../vm-data.ts";
import { wantedInPlaceOf } from "../wanted.ts";
import { tell, type World } from "../world.ts";
import { xenTest } from "../xen-test.ts";

const image = "/tmp/guest.image";
const heldScript = "/etc/network/if-up.d/held";

/** `xl save` and `xl restore`, as a migration does it: a new domid, an empty `data/`, the same processes. */
export function saveAndRestore(world: World): void {
  const { guest, xenstore } = world;

  const move = async (): Promise<void> => {
    tell("Saving and restoring the guest");
    await guest.save(image);
    await guest.restore(image);
  };
  /** A caller of its own: one connector would put one request after the other. */
  const newConnector = (): HostConnector =>
    new HostConnector({ xenstore, clock: nodeClock, newId: randomUUID });
  const addressOf = async (): Promise<{ domid: number; uuid: string | undefined; timeoutMs: number }> => {
    const uuid = (await readDomain(xenstore, guest.domid))?.uuid;
    return { domid: guest.domid, uuid, timeoutMs: MOVE_TIMEOUT_MS };
  };
  const waitingRequests = async (): Promise<number> =>
    (await xenstore.list(`${guest.path}/data/host`)).length;

  xenTest(
    world,
    "a guest that was restored while idle answers at its new domid, where data was empty",
    async () => {
      await guest.run("cat /run/nova-agent.pid > /run/pid-before");
      await xenstore.write(`${guest.path}/data/guest/left-behind`, "x");
      const before = guest.domid;
      await move();
      assert.notEqual(guest.domid, before);
      assert.equal(await xenstore.exists(`${guest.path}/data/guest/left-behind`), false);
      const { domid } = await readVersion(newConnector(), await addressOf());
      assert.equal(domid, guest.domid);
      await guest.run("cmp /run/nova-agent.pid /run/pid-before");
    },
  );

  xenTest(world, "requests that the guest had not read are repeated, or called unknown", async () => {
    const address = await addressOf();
    await guest.run("kill -STOP $(cat /run/nova-agent.pid)");
    const version = readVersion(newConnector(), address);
    const password = setPassword(newConnector(), {
      ...address,
      password: new Secret(Buffer.from("Set on the way")),
      crypto: nodeCrypto,
    });
    const activation = { name: "kmsactivate", value: { activation_key: "x", profile: "y", domains: [] } };
    const unknown = sendRequest(newConnector(), {
      ...address,
      timeoutMs: UNKNOWN_AFTER_MS,
      request: activation,
    });
    for (const promise of [version, password, unknown]) promise.catch(() => undefined);
    try {
      await waitFor(async () => (await waitingRequests()) === 3, {
        what: "three requests",
        timeoutMs: PROGRAM_TIMEOUT_MS,
      });
      await move();
    } finally {
      await guest.run("kill -CONT $(cat /run/nova-agent.pid)");
    }
    assert.equal((await version).domid, guest.domid);
    assert.equal((await password).domid, guest.domid);
    assert.equal(await verifiesPassword(guest, "Set on the way"), true);
    await assert.rejects(unknown, (error) => {
      assert.ok(error instanceof HostError && error.code === "OUTCOME_UNKNOWN", String(error));
      assert.match(error.message, new RegExp(`${address.domid}.*${guest.domid}`));
      return true;
    });
  });

  xenTest(world, "what the guest was doing is finished and answered at the new domid", async () => {
    const address = await addressOf();
    await guest.run(`
      printf '#!/bin/sh\\n: > /run/held\\nwhile [ ! -e /run/go ]; do sleep 0.1; done\\n' > ${heldScript}
      chmod 755 ${heldScript}
    `);
    const { data, address: newAddress } = wantedInPlaceOf(await guest.run("cat /etc/network/interfaces"));
    await writeVmData(xenstore, { domid: guest.domid, data });
    const reset = resetNetwork(newConnector(), address);
    reset.catch(() => undefined);
    try {
      await waitFor(async () => (await guest.shell.attempt("test -e /run/held")).status === 0, {
        what: "resetnetwork in the middle of ifup",
        timeoutMs: PROGRAM_TIMEOUT_MS,
      });
      await move();
      // Xen's own toolstack forgets it; XAPI does not.
      await writeVmData(xenstore, { domid: guest.domid, data });
    } finally {
      await guest.run(`rm ${heldScript}; touch /run/go`);
    }
    const { domid, isConfirmed } = await reset;
    assert.deepEqual([domid, isConfirmed], [guest.domid, true]);
    assert.ok(await pings(newAddress), `${newAddress} does not answer`);
  });
}
