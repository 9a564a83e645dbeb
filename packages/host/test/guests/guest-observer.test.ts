import assert from "node:assert/strict";
import test from "node:test";
import { GuestObserver } from "../../src/index.ts";
import { GUEST_NODES_MAX, GUEST_TEXT_MAX_CHARACTERS } from "../../src/guests/limits.ts";
import { SharedLooks } from "../../src/guests/shared-looks.ts";
import { createWorld, GUEST_UUID, type World } from "../support/world.ts";
import { dateOf } from "../support/runner-world.ts";

const DOMAIN = "/local/domain/5";

function observe({ xenstore, clock }: Pick<World, "xenstore" | "clock">): GuestObserver {
  return new GuestObserver({ xenstore, clock, now: dateOf(clock) });
}

test("a guest is seen with what it publishes, its vm-data and what lies unread", async (context) => {
  const world = await createWorld(context);
  const { xenstore } = world;
  await xenstore.write(`${DOMAIN}/data/os_name`, "Debian");
  await xenstore.write(`${DOMAIN}/attr/vif/0/ipv4/0`, "203.0.113.10");
  await xenstore.write(`${DOMAIN}/vm-data/networking/00163e000001`, "{}");
  await xenstore.write(`${DOMAIN}/data/host/req-a`, '{"name":"password","value":"secret"}');
  await xenstore.write(`${DOMAIN}/data/guest/rep-b`, "secret");
  const sight = await observe(world).look(GUEST_UUID);
  assert.equal(sight?.domid, 5);
  assert.equal(sight.isIntroduced, true);
  assert.equal(sight.nodes.get("data/os_name"), "Debian");
  assert.equal(sight.nodes.get("attr/vif/0/ipv4/0"), "203.0.113.10");
  assert.deepEqual(sight.vmData, { "networking/00163e000001": "{}" });
  assert.deepEqual([sight.waiting, sight.left], [["req-a"], ["rep-b"]]);
  assert.ok(![...sight.nodes.values()].some((text) => text.includes("secret")));
});

test("however many look at a guest at once, it is read once, and once more for who came meanwhile", async (context) => {
  const world = await createWorld(context);
  const observer = observe(world);
  const early = observer.look(GUEST_UUID);
  await world.xenstore.write(`${DOMAIN}/data/os_name`, "Debian");
  const late = await Promise.all(Array.from({ length: 100 }, () => observer.look(GUEST_UUID)));
  assert.equal(new Set(late).size, 1);
  assert.equal(late[0]?.nodes.get("data/os_name"), "Debian");
  assert.notEqual(await early, late[0]);
  assert.notEqual(await observer.look(GUEST_UUID), late[0]);
});

test("a look that fails is no end of those behind it", async () => {
  const looks = new SharedLooks<string>();
  const failed = looks.look("guest", () => Promise.reject(new Error("away")));
  const behind = looks.look("guest", () => Promise.resolve("back"));
  await assert.rejects(failed, /away/);
  assert.equal(await behind, "back");
});

test("an instance without a domain is not seen", async (context) => {
  const world = await createWorld(context);
  assert.equal(await observe(world).look("00000000-0000-4000-8000-00000000dead"), undefined);
});

test("what a guest writes is shown printable, cut, and no more of it than the limits say", async (context) => {
  const world = await createWorld(context);
  const { xenstore } = world;
  await xenstore.write(`${DOMAIN}/data/os_name`, "a\u001b[31m\u202Eb\n");
  await xenstore.write(`${DOMAIN}/data/os_uname`, new Uint8Array([0xff, 0xfe]));
  await xenstore.write(`${DOMAIN}/data/os_distro`, "x".repeat(GUEST_TEXT_MAX_CHARACTERS + 1));
  for (let index = 0; index < GUEST_NODES_MAX; index += 1) {
    await xenstore.write(`${DOMAIN}/attr/many/${index}`, "1");
  }
  const sight = await observe(world).look(GUEST_UUID);
  assert.ok(sight !== undefined && sight.nodes.size <= GUEST_NODES_MAX);
  assert.equal(sight.nodes.get("data/os_name"), "a\uFFFD[31m\uFFFDb\uFFFD");
  assert.equal(sight.nodes.get("data/os_uname"), "(not text)");
  assert.equal(sight.nodes.get("data/os_distro")?.length, GUEST_TEXT_MAX_CHARACTERS + 1);
});

test("domains are listed with whose they are, without dom0", async (context) => {
  const world = await createWorld(context);
  await world.xenstore.write("/local/domain/0/name", "Domain-0");
  await world.xenstore.write("/local/domain/9/name", "foreign");
  const found = (await observe(world).domains()).map(({ domid, uuid }) => [domid, uuid]);
  assert.deepEqual(found.at(-1), [9, undefined]);
  assert.ok(found.some(([domid, uuid]) => domid === 5 && uuid === GUEST_UUID));
  assert.ok(!found.some(([domid]) => domid === 0));
});

test("a XenStore that does not answer is lost since then", async (context) => {
  const world = await createWorld(context);
  const observer = observe(world);
  const first = await observer.connector();
  assert.equal(first.state, "connected");
  world.clock.advance(5_000);
  assert.deepEqual(await observer.connector(), first);
  await world.xenstore.close();
  const lost = await observer.connector();
  assert.deepEqual(lost, { state: "lost", since: dateOf(world.clock)() });
});
