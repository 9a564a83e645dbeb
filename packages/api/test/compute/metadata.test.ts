import assert from "node:assert/strict";
import { test } from "node:test";
import { World } from "./support/world.ts";

const world = await World.open();

test("metadata is shown, merged, replaced and removed", async () => {
  const { add, ask } = world.project();
  const { id } = await add(1, { metadata: { role: "front" } });
  const path = `/servers/${id}/metadata`;
  assert.deepEqual((await ask(path)).body, { metadata: { role: "front" } });
  const merged = await ask(path, { method: "POST", body: { metadata: { size: "1" } } });
  assert.deepEqual([merged.status, merged.body], [200, { metadata: { role: "front", size: "1" } }]);
  const item = await ask(`${path}/size`, { method: "PUT", body: { meta: { size: "2" } } });
  assert.deepEqual([item.status, item.body], [200, { meta: { size: "2" } }]);
  assert.deepEqual((await ask(`${path}/size`)).body, { meta: { size: "2" } });
  assert.equal((await ask(`${path}/size`, { method: "DELETE" })).status, 204);
  assert.equal((await ask(`${path}/size`)).status, 404);
  const replaced = await ask(path, { method: "PUT", body: { metadata: { only: "this" } } });
  assert.deepEqual([replaced.status, replaced.body], [200, { metadata: { only: "this" } }]);
});

test("metadata that is none is refused", async () => {
  const { add, ask } = world.project();
  const { id } = await add();
  const path = `/servers/${id}/metadata`;
  const many = Object.fromEntries(Array.from({ length: 129 }, (_, index) => [`key${index}`, ""]));
  for (const metadata of [{ "a/b": "x" }, { "": "x" }, { a: 1 }, { a: "x".repeat(256) }, many, [], null]) {
    assert.equal((await ask(path, { method: "POST", body: { metadata } })).status, 400);
  }
  const mismatch = await ask(`${path}/a`, { method: "PUT", body: { meta: { b: "x" } } });
  assert.equal(mismatch.body.badRequest.message, "Request body and URI mismatch");
  assert.equal((await ask(`${path}/constructor`)).status, 404);
  assert.equal((await ask(`${path}/missing`, { method: "DELETE" })).status, 404);
  assert.deepEqual(world.instances.asked, []);
});

test("an item named __proto__ is refused by name, and never dropped without a word", async () => {
  const { add, ask } = world.project();
  const { id } = await add(1, { metadata: { role: "front" } });
  const path = `/servers/${id}/metadata`;
  const items = JSON.parse('{"__proto__": "x", "size": "1"}') as unknown;
  const calls = [
    [path, { method: "POST", body: { metadata: items } }],
    [path, { method: "PUT", body: { metadata: items } }],
    [`${path}/__proto__`, { method: "PUT", body: { meta: JSON.parse('{"__proto__": "x"}') as unknown } }],
    ["/servers", { method: "POST", body: { server: { metadata: items } } }],
  ] as const;
  for (const [url, call] of calls) {
    const { status, body } = await ask(url, call);
    assert.equal(status, 400);
    assert.match(body.badRequest.message, /"__proto__"/);
  }
  assert.equal((await ask(`${path}/__proto__`)).status, 404);
  assert.deepEqual((await ask(path)).body, { metadata: { role: "front" } });
});

test("metadata that becomes too much is a quota's refusal", async () => {
  const { add, ask } = world.project();
  const metadata = Object.fromEntries(Array.from({ length: 128 }, (_, index) => [`key${index}`, ""]));
  const { id } = await add(1, { metadata });
  const path = `/servers/${id}/metadata`;
  assert.equal((await ask(path, { method: "POST", body: { metadata: { more: "" } } })).status, 403);
  assert.equal((await ask(`${path}/more`, { method: "PUT", body: { meta: { more: "" } } })).status, 403);
  assert.equal((await ask(path, { method: "POST", body: { metadata: { key0: "new" } } })).status, 200);
});

test("metadata is changed by members of the project alone", async () => {
  const { add, ask } = world.project();
  const { id } = await add();
  const path = `/servers/${id}/metadata`;
  const calls = [
    [path, { method: "POST", body: { metadata: {} } }],
    [path, { method: "PUT", body: { metadata: {} } }],
    [`${path}/role`, { method: "PUT", body: { meta: { role: "x" } } }],
    [`${path}/role`, { method: "DELETE" }],
  ] as const;
  for (const [url, call] of calls) {
    assert.equal((await ask(url, { ...call, as: "reader" })).status, 403);
    assert.equal((await ask(url, { ...call, as: "other" })).status, 404);
  }
  assert.equal((await ask(path, { as: "other" })).status, 404);
  assert.equal((await ask(`${path}/role`, { as: "other" })).status, 404);
  assert.deepEqual(world.instances.asked, []);
});
