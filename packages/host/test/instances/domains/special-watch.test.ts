import assert from "node:assert/strict";
import test from "node:test";
import { createTransportPair, serve, Store, XenstoreClient, XenstoreError } from "@nova-agent/xenstore";
import { SpecialWatch } from "../../../src/instances/domains/special-watch.ts";
import { quiet } from "../../support/instance-world.ts";
import { ManualClock } from "../../support/manual-clock.ts";

const refuse: XenstoreClient["watch"] = () => {
  throw new XenstoreError("ECLOSED", "Connection broke");
};
const ignore = (): void => {};

test("a watch that XenStore's connection did not survive is set again, and ends with its owner", async (context) => {
  const store = new Store();
  const clock = new ManualClock();
  const connect = async () => {
    const [near, far] = createTransportPair();
    serve(store, far, { domid: 0, clock: new ManualClock() });
    return near;
  };
  const client = await XenstoreClient.open({ connect, clock: new ManualClock(), reconnect: false });
  context.after(() => client.close());
  let failures = 2;
  const watch: XenstoreClient["watch"] = (path) => {
    failures -= 1;
    if (failures >= 0) throw new XenstoreError("ECLOSED", "Connection broke");
    return client.watch(path);
  };
  const lines: string[] = [];
  const write = (message: string): void => void lines.push(message);
  let events = 0;
  const special = new SpecialWatch({
    xenstore: { watch },
    clock,
    log: { info: write, warn: write, error: write },
    path: "@introduceDomain",
    onEvent: () => {
      events += 1;
    },
  });
  for (let times = 0; times < 2; times += 1) {
    await quiet();
    assert.deepEqual([events, lines.length], [0, times + 1]);
    clock.advance(5_000);
  }
  await quiet();
  const before = events;
  store.introduce(7);
  await quiet();
  assert.deepEqual([before, events], [1, 2]);
  await special.close();
  await special.close();
  assert.equal(clock.alarmCount, 0);
});

test("one that waits to be set again ends at once", async () => {
  const clock = new ManualClock();
  const log = { info: ignore, warn: ignore, error: ignore };
  const special = new SpecialWatch({ xenstore: { watch: refuse }, clock, log, path: "@x", onEvent: ignore });
  await quiet();
  assert.equal(clock.alarmCount, 1);
  await special.close();
  assert.equal(clock.alarmCount, 0);
});
