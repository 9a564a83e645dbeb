import assert from "node:assert/strict";
import test from "node:test";
import { actionAtMeeting } from "../../src/model/after-move.ts";

/** Moved, sent, repeatable, ends at a move: what is done. */
const meetings = [
  [false, false, true, false, "ask"],
  [false, false, false, true, "ask"],
  [true, false, false, false, "ask"],
  [true, true, true, false, "ask"],
  [true, true, false, false, "listen"],
  [true, false, false, true, "end"],
  [true, true, false, true, "end"],
] as const;

for (const [hasMoved, wasSent, mayRepeat, endsAtMove, action] of meetings) {
  const words = [hasMoved && "moved", wasSent && "sent", mayRepeat && "repeatable", endsAtMove && "ending"];
  test(`a guest met when ${words.filter(Boolean).join(", ") || "nothing happened"}: ${action}`, () => {
    assert.equal(actionAtMeeting({ hasMoved, wasSent, mayRepeat, endsAtMove, isResumed: false }), action);
  });
}

for (const mayRepeat of [true, false]) {
  test(`a request that is only awaited is never written, ${mayRepeat ? "also a" : "nor a not"} repeatable one`, () => {
    const meeting = { hasMoved: false, wasSent: true, mayRepeat, endsAtMove: true, isResumed: true };
    assert.equal(actionAtMeeting(meeting), "listen");
    assert.equal(actionAtMeeting({ ...meeting, hasMoved: true }), "end");
  });
}
