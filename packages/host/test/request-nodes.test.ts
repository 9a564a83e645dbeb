import assert from "node:assert/strict";
import test from "node:test";
import { writeRequest } from "../src/request-nodes.ts";
import { createWorld, GUEST_UUID, type World } from "./support/world.ts";

const guest = { uuid: GUEST_UUID, name: "web-1" };
const options = { domid: 5, id: "request-1", guest, bytes: Buffer.from("{}") };

test("a request to a guest at its domid is written", async (context) => {
  const world = await createWorld(context);
  assert.equal(await writeRequest(world.xenstore, options), "written");
  assert.deepEqual(await world.nodes("data/host"), ["request-1"]);
});

test("a request that is answered already is not written", async (context) => {
  const world = await createWorld(context);
  await world.reply("request-1", "done");
  assert.equal(await writeRequest(world.xenstore, options), "answered");
  assert.deepEqual(await world.nodes("data/host"), []);
});

for (const [what, change] of [
  ["passed to another guest", (world: World) => world.xenstore.write("/local/domain/5/vm", "/vm/other")],
  ["passed to a guest without a UUID", (world: World) => world.xenstore.remove("/local/domain/5/vm")],
  ["lost its data node", (world: World) => world.xenstore.remove("/local/domain/5/data")],
  ["ended", (world: World) => world.endDomain(5)],
] as const) {
  test(`nothing is written to a domid that has ${what}`, async (context) => {
    const world = await createWorld(context);
    await change(world);
    assert.equal(await writeRequest(world.xenstore, options), "elsewhere");
    assert.deepEqual(await world.nodes("data/host"), []);
  });
}
