import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { Live } from "../../src/browser/http/live.ts";
import {
  LIVE_HIDDEN_MS,
  LIVE_LOST_MS,
  LIVE_RETRY_MAX_MS,
  LIVE_SILENCE_MS,
} from "../../src/browser/limits.ts";
import type { Change } from "../../src/browser/model/change.ts";
import { FakeEventSource } from "../support/fake-event-source.ts";

interface World {
  readonly live: Live;
  readonly sources: readonly FakeEventSource[];
  /** What readers were told; "all" for that anything may have been missed. */
  readonly told: readonly (Change | "all")[];
  readonly last: () => FakeEventSource;
  readonly refusals: () => number;
  readonly tick: (ms: number) => void;
}

function startWorld(t: TestContext): World {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const sources: FakeEventSource[] = [];
  const told: (Change | "all")[] = [];
  let refusals = 0;
  const live = new Live({
    url: () => `/events?${sources.length}`,
    open: (url) => {
      const source = new FakeEventSource(url);
      sources.push(source);
      return source;
    },
    onRefused: () => {
      refusals += 1;
    },
  });
  t.after(() => live.close());
  live.listen((change) => told.push(change ?? "all"));
  live.start();
  const last = (): FakeEventSource => {
    const source = sources.at(-1);
    assert.ok(source);
    return source;
  };
  return { live, sources, told, last, refusals: () => refusals, tick: (ms) => t.mock.timers.tick(ms) };
}

const change: Change = { kind: "server", server_id: "server-1", id: "server-1" };

test("a stream that is ready is live, and what was read before it is read again", (t) => {
  const { live, last, told } = startWorld(t);
  assert.equal(live.state.value, "connecting");
  last().say("ready");
  assert.equal(live.state.value, "live");
  assert.deepEqual(told, ["all"]);
});

test("a change is told to readers, and one that is not understood as any", (t) => {
  const { last, told } = startWorld(t);
  last().say("ready");
  last().say("change", JSON.stringify(change));
  last().say("change", "{");
  assert.deepEqual(told, ["all", change, "all"]);
});

test("a reader that has stopped is told nothing", (t) => {
  const { live, last } = startWorld(t);
  let count = 0;
  const stop = live.listen(() => {
    count += 1;
  });
  last().say("ready");
  stop();
  last().say("change", JSON.stringify(change));
  assert.equal(count, 1);
});

test("a break that is mended in a moment is no loss, and nothing is read again", (t) => {
  const { live, last, told, sources, tick } = startWorld(t);
  last().say("ready");
  last().break();
  assert.equal(live.state.value, "connecting");
  tick(LIVE_LOST_MS - 1);
  last().say("ready");
  tick(LIVE_LOST_MS);
  assert.equal(live.state.value, "live");
  assert.equal(sources.length, 1);
  assert.deepEqual(told, ["all"]);
});

test("a break that lasts is a loss, until the stream is ready again", (t) => {
  const { live, last, tick } = startWorld(t);
  last().say("ready");
  last().break();
  tick(1_000);
  last().break();
  tick(LIVE_LOST_MS - 1_000);
  assert.equal(live.state.value, "lost");
  last().break();
  assert.equal(live.state.value, "lost");
  last().say("reset");
  assert.equal(live.state.value, "live");
});

test("after a reset everything is read again", (t) => {
  const { last, told } = startWorld(t);
  last().say("ready");
  last().break();
  last().say("reset");
  assert.deepEqual(told, ["all", "all"]);
});

test("a silent stream is given up and opened anew, and everything is read again", (t) => {
  const { live, last, told, sources, tick } = startWorld(t);
  last().say("ready");
  tick(LIVE_SILENCE_MS - 1);
  last().say("beat");
  tick(LIVE_SILENCE_MS - 1);
  assert.equal(live.state.value, "live");
  tick(1);
  assert.equal(live.state.value, "lost");
  assert.equal(last().readyState, 2);
  tick(1_000);
  assert.equal(sources.length, 2);
  last().say("ready");
  assert.equal(live.state.value, "live");
  assert.deepEqual(told, ["all", "all"]);
});

test("what a stream says that was given up is not heard", (t) => {
  const { live, sources, told, tick } = startWorld(t);
  tick(LIVE_SILENCE_MS);
  sources[0]?.say("ready");
  sources[0]?.say("change", JSON.stringify(change));
  assert.equal(live.state.value, "lost");
  assert.deepEqual(told, []);
});

test("when it is refused, the session is asked for, and it is tried again ever more seldom", (t) => {
  const { last, refusals, sources, tick } = startWorld(t);
  for (const delayMs of [1_000, 2_000, 4_000]) {
    last().refuse();
    const { length } = sources;
    tick(delayMs - 1);
    assert.equal(sources.length, length);
    tick(1);
    assert.equal(sources.length, length + 1);
  }
  assert.equal(refusals(), 3);
});

test("it is tried again at the latest after the longest pause", (t) => {
  const { last, sources, tick } = startWorld(t);
  for (let attempt = 1; attempt <= 8; attempt += 1) {
    last().refuse();
    tick(LIVE_RETRY_MAX_MS);
    assert.equal(sources.length, attempt + 1);
  }
});

test("whoever wants to connect now does not wait, and begins with the shortest pause", (t) => {
  const { live, last, sources, tick } = startWorld(t);
  last().refuse();
  tick(1_000);
  last().refuse();
  live.reconnect();
  assert.equal(sources.length, 3);
  last().refuse();
  tick(1_000);
  assert.equal(sources.length, 4);
});

test("starting twice opens one stream, at the address for who is signed in then", (t) => {
  const { live, sources } = startWorld(t);
  live.start();
  assert.equal(sources.length, 1);
  live.close();
  live.start();
  assert.deepEqual(
    sources.map(({ url }) => url),
    ["/events?0", "/events?1"],
  );
});

test("a closed one stays closed", (t) => {
  const { live, last, sources, told, tick } = startWorld(t);
  last().break();
  last().refuse();
  live.close();
  live.close();
  live.reconnect();
  tick(10 * LIVE_SILENCE_MS);
  assert.equal(sources.length, 1);
  assert.equal(live.state.value, "connecting");
  assert.deepEqual(told, []);
});

test("a tab that nobody sees gives its connection back, and reads everything when it is seen again", (t) => {
  const { live, sources, told, last, tick } = startWorld(t);
  last().say("ready");
  live.setVisible(false);
  tick(LIVE_HIDDEN_MS - 1);
  assert.equal(live.state.value, "live");
  tick(1);
  assert.equal(last().readyState, last().CLOSED);
  live.reconnect();
  tick(LIVE_SILENCE_MS + LIVE_RETRY_MAX_MS);
  assert.equal(sources.length, 1);
  assert.equal(live.state.value, "connecting");
  live.setVisible(true);
  last().say("ready");
  assert.equal(sources.length, 2);
  assert.equal(live.state.value, "live");
  assert.deepEqual(told, ["all", "all"]);
});

test("a tab that is out of sight for a moment keeps its stream", (t) => {
  const { live, sources, last, tick } = startWorld(t);
  last().say("ready");
  live.setVisible(false);
  live.setVisible(true);
  tick(LIVE_HIDDEN_MS);
  assert.equal(sources.length, 1);
  assert.equal(live.state.value, "live");
});
