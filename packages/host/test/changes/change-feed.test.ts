import assert from "node:assert/strict";
import test from "node:test";
import { type Change, ChangeFeed, type PublishedChange } from "../../src/changes/change-feed.ts";

function change(id: string): Change {
  return { kind: "operation", instanceId: "vm", projectId: "p", id };
}

function idsOf(changes: readonly PublishedChange[] | undefined): readonly string[] | undefined {
  return changes?.map(({ id }) => id);
}

test("each listener hears of what is published while it listens, in order and with its position", () => {
  const feed = new ChangeFeed({ epoch: "e" });
  const heard: [string, PublishedChange][] = [];
  feed.publish(change("before"));
  const first = feed.subscribe((one) => void heard.push(["first", one]));
  const second = feed.subscribe((one) => void heard.push(["second", one]));
  feed.publish(change("1"));
  first.close();
  first.close();
  feed.publish(change("2"));
  second.close();
  feed.publish(change("after"));
  assert.deepEqual([first.position, first.missed], ["e-1", []]);
  assert.deepEqual(heard, [
    ["first", { ...change("1"), position: "e-2" }],
    ["second", { ...change("1"), position: "e-2" }],
    ["second", { ...change("2"), position: "e-3" }],
  ]);
  assert.equal(feed.listenerCount, 0);
});

test("one function may listen twice, and stop once", () => {
  const feed = new ChangeFeed({ epoch: "e" });
  let count = 0;
  const listener = (): void => void (count += 1);
  feed.subscribe(listener);
  feed.subscribe(listener).close();
  feed.publish(change("1"));
  assert.equal(count, 1);
});

test("who comes back is told what was missed, and nothing twice", () => {
  const feed = new ChangeFeed({ epoch: "e" });
  const heard: string[] = [];
  for (const id of ["1", "2", "3"]) feed.publish(change(id));
  const { missed, position } = feed.subscribe(({ id }) => void heard.push(id), { after: "e-1" });
  feed.publish(change("4"));
  assert.deepEqual([idsOf(missed), position, heard], [["2", "3"], "e-3", ["4"]]);
  assert.deepEqual(idsOf(feed.subscribe(() => undefined, { after: "e-4" }).missed), []);
  assert.deepEqual(idsOf(feed.subscribe(() => undefined, { after: "e-0" }).missed), ["1", "2", "3", "4"]);
});

test("it keeps so many changes and no more: who was away for longer is told so", () => {
  const feed = new ChangeFeed({ epoch: "e", keptMax: 2 });
  for (const id of ["1", "2", "3"]) feed.publish(change(id));
  const since = (after: string) => idsOf(feed.subscribe(() => undefined, { after }).missed);
  assert.deepEqual(since("e-1"), ["2", "3"]);
  assert.equal(since("e-0"), undefined);
});

test("a position of another feed, of the future, or of none is not resumed", () => {
  const feed = new ChangeFeed({ epoch: "e-e" });
  feed.publish(change("1"));
  for (const after of [
    "e-0",
    "e-e-2",
    "e-e-",
    "e-e--1",
    "e-e-1.0",
    "e-e-1e0",
    "",
    "e-e- 1",
    "x",
    `e-e-${"1".repeat(99)}`,
  ]) {
    assert.equal(feed.subscribe(() => undefined, { after }).missed, undefined, after);
  }
});
