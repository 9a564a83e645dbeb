import assert from "node:assert/strict";
import test from "node:test";
import { type Follower, StreamPlaces } from "../../src/guests/stream-places.ts";
import {
  EVENT_STREAMS_MAX,
  EVENT_STREAMS_PER_SESSION_MAX,
  EVENT_STREAMS_PER_USER_MAX,
} from "../../src/limits.ts";

/** One of the sessions of a user. */
function annsAt(index: number): Follower {
  return { userId: "ann", session: String(index) };
}

test("a session has so many places, and gets one back for each that it gives back", () => {
  const places = new StreamPlaces();
  const one = { userId: "ann", session: "one" };
  const taken = Array.from({ length: EVENT_STREAMS_PER_SESSION_MAX }, () => places.take(one));
  assert.throws(() => places.take(one), { code: "TOO_MANY_REQUESTS" });
  places.take({ userId: "ann", session: "another" });
  taken[0]?.();
  places.take(one);
  assert.throws(() => places.take(one), { code: "TOO_MANY_REQUESTS" });
});

test("many sessions of a user leave places for other users", () => {
  const places = new StreamPlaces();
  const taken = Array.from({ length: EVENT_STREAMS_PER_USER_MAX }, (_none, index) =>
    places.take(annsAt(index)),
  );
  assert.throws(() => places.take(annsAt(-1)), { code: "TOO_MANY_REQUESTS" });
  places.take({ userId: "bob", session: "his" });
  taken[0]?.();
  places.take(annsAt(-1));
  assert.throws(() => places.take(annsAt(-2)), { code: "TOO_MANY_REQUESTS" });
});

test("all together have so many places, and no more", () => {
  const places = new StreamPlaces();
  const taken = Array.from({ length: EVENT_STREAMS_MAX }, (_none, index) =>
    places.take({ userId: String(index), session: String(index) }),
  );
  const late = { userId: "late", session: "late" };
  assert.throws(() => places.take(late), { code: "UNAVAILABLE" });
  for (const giveBack of taken) giveBack();
  for (let count = 0; count < EVENT_STREAMS_PER_SESSION_MAX; count += 1) places.take(late);
  assert.throws(() => places.take(late), { code: "TOO_MANY_REQUESTS" });
});
