import assert from "node:assert/strict";
import test from "node:test";
import { StreamPlaces } from "../../src/guests/stream-places.ts";
import { EVENT_STREAMS_MAX, EVENT_STREAMS_PER_SESSION_MAX } from "../../src/limits.ts";

test("a session has so many places, and gets one back for each that it gives back", () => {
  const places = new StreamPlaces();
  const taken = Array.from({ length: EVENT_STREAMS_PER_SESSION_MAX }, () => places.take("one"));
  assert.throws(() => places.take("one"), { code: "TOO_MANY_REQUESTS" });
  places.take("another");
  taken[0]?.();
  places.take("one");
  assert.throws(() => places.take("one"), { code: "TOO_MANY_REQUESTS" });
});

test("all together have so many places, and no more", () => {
  const places = new StreamPlaces();
  const taken = Array.from({ length: EVENT_STREAMS_MAX }, (_none, index) => places.take(String(index)));
  assert.throws(() => places.take("late"), { code: "UNAVAILABLE" });
  for (const giveBack of taken) giveBack();
  for (let count = 0; count < EVENT_STREAMS_PER_SESSION_MAX; count += 1) places.take("late");
  assert.throws(() => places.take("late"), { code: "TOO_MANY_REQUESTS" });
});
