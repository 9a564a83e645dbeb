import assert from "node:assert/strict";
import test from "node:test";
import { findDomain, listDomains } from "../src/index.ts";
import { hasCode } from "./support/has-code.ts";
import { createWorld } from "./support/world.ts";

const web = { domid: 5, name: "web-1", uuid: "ec2f3f0c-0000-4000-8000-000000000005", hasData: true };

test("domains are listed by domid with what the toolstack wrote of them", async (context) => {
  const world = await createWorld(context);
  await world.addDomain({ domid: 12, name: "db" });
  await world.xenstore.write("/local/domain/7", "");
  assert.deepEqual(await listDomains(world.xenstore), [
    web,
    { domid: 7, name: undefined, uuid: undefined, hasData: false },
    { domid: 12, name: "db", uuid: undefined, hasData: true },
  ]);
});

test("a host without /local/domain has no domains", async (context) => {
  const world = await createWorld(context);
  await world.xenstore.remove("/local");
  assert.deepEqual(await listDomains(world.xenstore), []);
});

test("more domains than are read at once are all listed", async (context) => {
  const world = await createWorld(context);
  for (let domid = 100; domid < 170; domid += 1) await world.xenstore.write(`/local/domain/${domid}`, "");
  assert.equal((await listDomains(world.xenstore)).length, 71);
});

test("a guest is found by its domid and by its name", async (context) => {
  const world = await createWorld(context);
  assert.deepEqual(await findDomain(world.xenstore, "5"), web);
  assert.deepEqual(await findDomain(world.xenstore, "web-1"), web);
});

test("a name of digits is found when no domain has that domid", async (context) => {
  const world = await createWorld(context);
  await world.addDomain({ domid: 6, name: "2024" });
  await world.addDomain({ domid: 7, name: "5" });
  assert.equal((await findDomain(world.xenstore, "2024")).domid, 6);
  assert.equal((await findDomain(world.xenstore, "5")).domid, 5);
});

test("a guest that is not there is told with the way out", async (context) => {
  const world = await createWorld(context);
  await assert.rejects(
    findDomain(world.xenstore, "web-9"),
    hasCode("NO_SUCH_DOMAIN", /"web-9".*guestctl list/),
  );
});

test("a name that two domains share has to be told by domid", async (context) => {
  const world = await createWorld(context);
  await world.addDomain({ domid: 8, name: "web-1" });
  await assert.rejects(findDomain(world.xenstore, "web-1"), hasCode("AMBIGUOUS_NAME", /Domains 5, 8/));
});
