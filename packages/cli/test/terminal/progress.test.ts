import assert from "node:assert/strict";
import test from "node:test";
import { progressText } from "../../src/terminal/progress.ts";

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
