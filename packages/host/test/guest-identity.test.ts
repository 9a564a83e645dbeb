import assert from "node:assert/strict";
import test from "node:test";
import { sendRequest, type SendResult } from "../src/index.ts";
import { hasCode } from "./support/has-code.ts";
import { becomeQuiet, done, ID, move, moved, repeatable, send } from "./support/sending.ts";
import { createWorld, GUEST_UUID } from "./support/world.ts";

test("a guest whose UUID is known is found although its domid is an old one", async (context) => {
  const world = await createWorld(context);
  await move(world);
  await world.addGuest(8, () => done);
  const call = { domid: 5, uuid: GUEST_UUID, request: repeatable };
  assert.equal((await sendRequest(world.connector, call)).domid, 8);
  world.assertQuiet();
});

for (const [what, other] of [
  ["name", { domid: 7, name: "web-1", uuid: "ec2f3f0c-0000-4000-8000-000000000007" }],
  ["name, without a UUID", { domid: 7, name: "web-1" }],
  ["domid", { domid: 5, name: "web-2", uuid: "ec2f3f0c-0000-4000-8000-000000000007" }],
  ["domid and name", { domid: 5, name: "web-1", uuid: "ec2f3f0c-0000-4000-8000-000000000007" }],
] as const) {
  test(`another guest that has got the ${what} finds nothing`, async (context) => {
    const world = await createWorld(context, { answer: () => "ignore" });
    const sent = send(world, repeatable, {
      "sent 5": async () => {
        await world.endDomain(5);
        await world.addDomain(other);
      },
      "away 5": async () => {
        await becomeQuiet(world);
        world.clock.advance(30_000);
      },
    });
    await assert.rejects(sent.reply, hasCode("GUEST_GONE"));
    assert.deepEqual(await world.nodes("data/host", other.domid), []);
    world.assertQuiet();
  });
}

test("another guest that has got the domid while nothing was sent finds nothing", async (context) => {
  const world = await createWorld(context, { answer: () => done });
  await world.connector.hold({ domid: 5 }, async (guest) => {
    await guest.ask(repeatable);
    await world.endDomain(5);
    await world.addDomain({ domid: 5, name: "web-1", uuid: "ec2f3f0c-0000-4000-8000-000000000007" });
    await world.addDomain(moved);
    await world.addGuest(8, () => done);
    await guest.ask(repeatable);
    assert.equal(guest.domid, 8);
  });
  assert.deepEqual(await world.nodes("data/host"), []);
});

test("a guest without a UUID is found by its name", async (context) => {
  const world = await createWorld(context);
  await world.addDomain({ domid: 6, name: "db" });
  const sent = send(
    world,
    repeatable,
    {
      "sent 6": () => world.endDomain(6),
      "away 6": () => world.addDomain({ domid: 9, name: "db" }),
      "moved 9": () => world.addGuest(9, () => done),
    },
    { domid: 6 },
  );
  assert.equal((await sent.reply).domid, 9);
});

test("while a migration has two domains the old one is asked, and the new one once the old is gone", async (context) => {
  const world = await createWorld(context, { answer: () => "take" });
  const seen: (readonly string[])[] = [];
  const sent = send(world, repeatable, {
    "taken 5": async () => {
      await world.addDomain({ ...moved, name: "web-1--incoming" });
      await world.xenstore.write("/local/domain/5/name", "web-1--migratedaway");
      await becomeQuiet(world);
      seen.push(await world.nodes("data/host", 8));
      await world.endDomain(5);
    },
    "moved 8": () => world.addGuest(8, () => done),
  });
  assert.equal((await sent.reply).domid, 8);
  assert.deepEqual(seen, [[]]);
  world.assertQuiet();
});

test("a domain whose data node comes last is asked once it is there", async (context) => {
  const world = await createWorld(context, { answer: () => "ignore" });
  const sent = send(world, repeatable, {
    "sent 5": () => world.endDomain(5),
    "away 5": async () => {
      await world.addDomain(moved);
      await world.xenstore.remove("/local/domain/8/data");
      await becomeQuiet(world);
      await world.xenstore.write("/local/domain/8/data", "");
    },
    "moved 8": () => world.reply(ID, "hello", 8),
  });
  assert.equal((await sent.reply).message, "hello");
});

test("nobody else talks to a held guest at its new domid", async (context) => {
  const world = await createWorld(context, { answer: () => done });
  let other: Promise<SendResult> | undefined;
  const { requests } = await world.connector.hold({ domid: 5 }, async (guest) => {
    await move(world);
    const restored = await world.addGuest(8, () => done);
    other = sendRequest(world.connector, { domid: 8, request: { name: "version", value: "" } });
    await guest.ask(repeatable);
    await guest.ask({ name: "resetnetwork", value: "" });
    return restored;
  });
  await other;
  assert.deepEqual(
    requests.map(({ name }) => name),
    ["features", "resetnetwork", "version"],
  );
});
