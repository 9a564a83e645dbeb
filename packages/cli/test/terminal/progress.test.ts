import assert from "node:assert/strict";
import test from "node:test";
import { createManualClock } from "@nova-agent/xenstore/testing";
import { moveText, ProgressLine, progressText } from "../../src/terminal/progress.ts";

const progress = { domid: 5, command: "resetnetwork", timeoutMs: 60_000 };

test("progress names the guest, the command and the time", () => {
  assert.equal(
    progressText({ ...progress, stage: "sent" }, 3000),
    'Domain 5: "resetnetwork" is sent, waiting for the guest (3 of 60 s)',
  );
  assert.equal(
    progressText({ ...progress, stage: "taken" }, 4100),
    'Domain 5: "resetnetwork" is taken by the guest, waiting for its answer (4 of 60 s)',
  );
});

test("progress tells that the guest is away, and where it is again", () => {
  assert.equal(
    progressText({ ...progress, stage: "away" }, 4100),
    'Domain 5: "resetnetwork" waits for the guest, whose domain has ended, to come back (4 of 60 s)',
  );
  assert.equal(
    moveText({ ...progress, domid: 8, formerDomid: 5, stage: "moved" }),
    'Domain 5 became domain 8; "resetnetwork" goes on there',
  );
});

/** A progress line on a terminal, with the texts that it wrote. */
function createLine() {
  const shown: string[] = [];
  const clock = createManualClock();
  const terminal = {
    isErrorTty: true,
    writeError: (text: string) => void shown.push(text.replace("\r\u001b[K", "")),
  };
  return { line: new ProgressLine(terminal, clock), clock, shown };
}

test("a command that is sent again goes on counting, another one begins anew", () => {
  const { line, clock, shown } = createLine();
  line.note({ ...progress, stage: "sent" });
  clock.advance(30_000);
  line.note({ ...progress, stage: "sent" });
  clock.advance(1000);
  assert.match(shown.at(-1) ?? "", /\(31 of 60 s\)$/);
  line.note({ ...progress, stage: "answered" });
  line.note({ ...progress, stage: "sent", command: "version" });
  clock.advance(2000);
  assert.match(shown.at(-1) ?? "", /"version" .* \(2 of 60 s\)$/);
  line.close();
});

test("what takes less than a second shows nothing", () => {
  const { line, clock, shown } = createLine();
  line.note({ ...progress, stage: "sent" });
  clock.advance(999);
  line.note({ ...progress, stage: "answered" });
  clock.advance(5000);
  assert.deepEqual(shown, []);
});

test("a move wipes the line for the remark that follows, and goes on counting", () => {
  const { line, clock, shown } = createLine();
  line.note({ ...progress, stage: "sent" });
  clock.advance(3000);
  line.note({ ...progress, domid: 8, formerDomid: 5, stage: "moved" });
  assert.equal(shown.at(-1), "");
  clock.advance(1000);
  assert.match(shown.at(-1) ?? "", /^Domain 8: .* \(4 of 60 s\)$/);
  line.close();
});
