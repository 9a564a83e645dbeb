import assert from "node:assert/strict";
import test from "node:test";
import { type Signal, signal } from "@preact/signals";
import type { ServerRow } from "../../src/browser/model/server.ts";
import { ListFilter } from "../../src/browser/state/list-filter.ts";
import { type ServerView, viewServers } from "../../src/browser/state/server-view.ts";
import { sampleRow } from "../support/sample-row.ts";

interface World {
  readonly rows: Signal<readonly Signal<ServerRow>[]>;
  readonly filter: ListFilter;
  readonly view: ServerView;
  readonly change: (id: string, own: Partial<ServerRow>) => void;
}

function makeWorld(...ids: string[]): World {
  const rows = signal(ids.map((id) => signal(sampleRow({ id }))));
  const list = signal({ rows: rows.value });
  const filter = new ListFilter();
  const change = (id: string, own: Partial<ServerRow>): void => {
    const row = rows.value.find((one) => one.value.id === id);
    assert.ok(row);
    row.value = { ...row.value, ...own };
  };
  return { rows, filter, view: viewServers(list, filter), change };
}

test("what is looked for is shown, in the order of the list", () => {
  const { view, filter } = makeWorld("web-10", "db-1", "web-2");
  assert.deepEqual(view.shownIds.value, ["web-10", "db-1", "web-2"]);
  filter.text.value = "web";
  assert.deepEqual(view.shownIds.value, ["web-10", "web-2"]);
  assert.deepEqual([...view.shown.value], ["web-10", "web-2"]);
  filter.order.value = { by: "name", isDescending: false };
  assert.deepEqual(view.shownIds.value, ["web-2", "web-10"]);
  assert.equal(view.ordered.value.length, 3);
});

test("a change that moves nothing leaves the lists the same ones", () => {
  const { view, filter, change } = makeWorld("c", "b", "a");
  filter.order.value = { by: "name", isDescending: false };
  const before = [view.ordered.value, view.shownIds.value, view.shown.value];
  change("b", { progress: 50 });
  assert.deepEqual([view.ordered.value, view.shownIds.value, view.shown.value], before);
  assert.ok(
    [view.ordered.value, view.shownIds.value, view.shown.value].every((one, at) => one === before[at]),
  );
});

test("a server comes into sight when it becomes what is looked for, and goes when it is no more", () => {
  const { view, filter, change } = makeWorld("b", "a");
  filter.status.value = "SHUTOFF";
  assert.deepEqual(view.shownIds.value, []);
  change("a", { status: "SHUTOFF" });
  assert.deepEqual(view.shownIds.value, ["a"]);
  change("a", { status: "ACTIVE" });
  assert.deepEqual(view.shownIds.value, []);
});
