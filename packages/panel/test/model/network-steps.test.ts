import assert from "node:assert/strict";
import test from "node:test";
import { findNetworkChange, networkSteps } from "../../src/browser/model/network-steps.ts";
import { at, sampleActivity, sampleEvent } from "../support/sample-activity.ts";

const going = { finished_at: null, result: null } as const;

test("what is being done with the networks is found, and what was done is not", () => {
  const attach = sampleActivity({ action: "attach_interface", ...going });
  assert.equal(findNetworkChange([sampleActivity({ action: "detach_interface" }), attach]), attach);
  assert.equal(findNetworkChange([sampleActivity({ action: "reboot", ...going })]), undefined);
  assert.equal(findNetworkChange([sampleActivity({ action: "constructor", ...going })]), undefined);
});

test("a card is taken away in the order of the service", () => {
  const events = [sampleEvent("vm_data", 1)];
  const change = sampleActivity({ action: "detach_interface", ...going, events });
  const steps = networkSteps(change, new Date(at(5)));
  assert.deepEqual(
    steps.map(({ event, state }) => [event, state]),
    [
      ["vm_data", "done"],
      ["vif", "waiting"],
      ["reset_network", "waiting"],
      ["port", "waiting"],
    ],
  );
});

function plugging(action: string): string | undefined {
  const steps = networkSteps(sampleActivity({ action, ...going }), new Date(at(0)));
  return steps.find(({ event }) => event === "vif")?.name;
}

test("the same step has other words where a card comes and where it goes", () => {
  assert.notEqual(plugging("attach_interface"), plugging("detach_interface"));
});
