import assert from "node:assert/strict";
import test from "node:test";
import { ListFilter, matcher, type Wanted } from "../../src/browser/state/list-filter.ts";
import { sampleRow } from "../support/sample-row.ts";

const all: Wanted = { text: "", status: "", health: "" };
const row = sampleRow({
  id: "4f1c",
  name: "Web-1",
  addresses: ["203.0.113.10", "2001:db8::a"],
  image: { id: "image-1", name: "Debian 13" },
});

const table: readonly (readonly [wanted: Partial<Wanted>, isWanted: boolean])[] = [
  [{}, true],
  [{ text: "web" }, true],
  [{ text: "  WEB  debian " }, true],
  [{ text: "113.10" }, true],
  [{ text: "db8::A" }, true],
  [{ text: "4f1" }, true],
  [{ text: "web ubuntu" }, false],
  // A word is of one field.
  [{ text: "web-14f1c" }, false],
  [{ status: "ACTIVE" }, true],
  [{ status: "SHUTOFF" }, false],
  [{ health: "healthy" }, true],
  [{ health: "silent" }, false],
  [{ text: "web", status: "ACTIVE", health: "silent" }, false],
];

for (const [wanted, isWanted] of table) {
  test(`a server is ${isWanted ? "" : "not "}looked for by ${JSON.stringify(wanted)}`, () => {
    assert.equal(matcher({ ...all, ...wanted })(row), isWanted);
  });
}

test("a server without an image is found by what it has", () => {
  assert.equal(matcher({ ...all, text: "web-2" })(sampleRow({ id: "5", name: "web-2", image: null })), true);
});

test("showing all again keeps the order", () => {
  const filter = new ListFilter();
  filter.text.value = "web";
  filter.status.value = "ACTIVE";
  filter.health.value = "silent";
  filter.order.value = { by: "name", isDescending: true };
  filter.clear();
  assert.deepEqual([filter.text.value, filter.status.value, filter.health.value], ["", "", ""]);
  assert.equal(filter.order.value.by, "name");
});

test("what one has looked for stays for them, and for nobody else", () => {
  const filter = new ListFilter();
  filter.own("alice");
  filter.text.value = "web";
  filter.order.value = { by: "name", isDescending: false };
  filter.own("alice");
  assert.equal(filter.text.value, "web");
  filter.own("bob");
  assert.equal(filter.text.value, "");
  assert.equal(filter.order.value.by, "newest");
});
