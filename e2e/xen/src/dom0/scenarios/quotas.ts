import assert from "node:assert/strict";
import { readVersion } from "@nova-agent/host";
import { waitFor } from "@nova-agent/testbed";
import { PROGRAM_TIMEOUT_MS } from "../../limits.ts";
import { askRaw } from "../ask-raw.ts";
import { changePassword, verifiesPassword } from "../guest-password.ts";
import { tell, type World } from "../world.ts";
import { xenTest } from "../xen-test.ts";

/** More answers than one node of 2,048 bytes can name with ids of 36 characters. */
const UNREAD_ANSWERS = 60;
const filler = "node /usr/lib/nova-agent/e2e-xen/fill-quota.js";

/** A guest whose share of XenStore is used up. */
export function quotas(world: World): void {
  const { connector, guest, xenstore } = world;
  const logHas = async (text: string): Promise<boolean> =>
    (await guest.shell.attempt(`grep -qF '${text}' /var/log/nova-agent.log`)).status === 0;

  xenTest(world, "the agent answers when other programs have used up the guest's nodes", async () => {
    tell(`The guest filled its quota: ${(await guest.run(filler)).trim()}`);
    const { version } = await readVersion(connector, { domid: guest.domid });
    assert.notEqual(version, "");
    await changePassword(world, "Set without room");
    assert.equal(await verifiesPassword(guest, "Set without room"), true);
    assert.ok(await logHas("quota for this guest is used up"), "The log does not say so");
  });

  xenTest(world, "the agent keeps room again once there is some", async () => {
    await guest.run(`${filler} empty`);
    const spare = `${guest.path}/data/nova-agent/spare`;
    await waitFor(async () => (await xenstore.list(spare).catch(() => [])).length >= 16, {
      what: "whole reserve",
      timeoutMs: PROGRAM_TIMEOUT_MS,
    });
  });

  xenTest(world, "answers that the host never reads make room for new ones", async () => {
    for (let index = 0; index < UNREAD_ANSWERS; index += 1) {
      const request = JSON.stringify({ name: "version", value: String(index) });
      const { returncode } = await askRaw(world, Buffer.from(request), { leavesAnswer: true });
      assert.equal(returncode, "0");
    }
    if (world.server === "c") assert.ok(await logHas("Removed older answers"), "The log says nothing of it");
    for (const id of await xenstore.list(`${guest.path}/data/guest`)) {
      await xenstore.remove(`${guest.path}/data/guest/${id}`);
    }
  });
}
