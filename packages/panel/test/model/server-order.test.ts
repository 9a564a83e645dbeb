import assert from "node:assert/strict";
import test from "node:test";
import type { AgentHealth, ServerRow } from "../../src/browser/model/server.ts";
import { compareBy, newestFirst, nextOrder, type ServerOrder } from "../../src/browser/model/server-order.ts";
import { sampleRow } from "../support/sample-row.ts";

function withHealth(id: string, health: AgentHealth): ServerRow {
  return sampleRow({ id, agent: { health, version: null, last_seen_at: null, reason: "" } });
}

const rows: readonly ServerRow[] = [
  sampleRow({ id: "web-10" }),
  withHealth("Web-2", "silent"),
  sampleRow({ id: "db", status: "SHUTOFF" }),
  withHealth("app", "none"),
  sampleRow({ id: "web-1", task_state: "rebooting" }),
];

const table: readonly (readonly [order: ServerOrder, ids: readonly string[]])[] = [
  [{ by: "name", isDescending: false }, ["app", "db", "web-1", "Web-2", "web-10"]],
  [{ by: "name", isDescending: true }, ["web-10", "Web-2", "web-1", "db", "app"]],
  // Active, Off, Rebooting.
  [{ by: "status", isDescending: false }, ["app", "Web-2", "web-10", "db", "web-1"]],
  // Those that need somebody first.
  [{ by: "agent", isDescending: false }, ["Web-2", "app", "db", "web-1", "web-10"]],
];

for (const [order, ids] of table) {
  test(`servers by ${order.by}, ${order.isDescending ? "down" : "up"}`, () => {
    const sorted = rows.toSorted(compareBy(order));
    assert.deepEqual(
      sorted.map(({ id }) => id),
      ids,
    );
  });
}

test("the newest first is the order of the service", () => {
  assert.equal(compareBy(newestFirst), undefined);
});

test("a header leads up, then down, then back to the newest first", () => {
  const up = nextOrder(newestFirst, "name");
  assert.deepEqual(up, { by: "name", isDescending: false });
  const down = nextOrder(up, "name");
  assert.deepEqual(down, { by: "name", isDescending: true });
  assert.deepEqual(nextOrder(down, "name"), newestFirst);
  assert.deepEqual(nextOrder(down, "agent"), { by: "agent", isDescending: false });
});
