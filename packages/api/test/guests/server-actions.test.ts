import assert from "node:assert/strict";
import test from "node:test";
import type { Instance, Role } from "@nova-agent/host";
import { viewActions } from "../../src/guests/servers/server-actions.ts";
import { debian, instanceOf } from "../compute/support/samples.ts";

const windows = { name: "windows-2022", osType: "windows" } as const;

function actionsOf(
  changes: Partial<Instance>,
  {
    role = "member",
    image = debian,
  }: { readonly role?: Role; readonly image?: typeof windows | typeof debian } = {},
) {
  return viewActions({ instance: instanceOf(changes), image, requester: { roles: [role] } });
}

function possible(actions: Readonly<Record<string, string | null>>): readonly string[] {
  return Object.keys(actions).filter((name) => actions[name] === null);
}

test("who may only look is told so of everything", () => {
  const words = new Set(Object.values(actionsOf({}, { role: "reader" })));
  assert.deepEqual([...words], ["Your role in this project only lets you look"]);
});

test("what may be done goes by the server's state", () => {
  const features = { agentFeatures: ["version"] };
  const always = ["delete", "rename"];
  const running = ["changePassword", "reboot", "hardReboot", "stop", "rescue"];
  const networks = ["attachInterface", "detachInterface"];
  assert.deepEqual(possible(actionsOf(features)), [
    ...running,
    ...networks,
    "resetNetwork",
    ...always,
    "metadata",
  ]);
  const stopped = ["hardReboot", "start", "rescue", ...networks, ...always, "metadata"];
  assert.deepEqual(possible(actionsOf({ vmState: "stopped" })), stopped);
  assert.deepEqual(possible(actionsOf({ vmState: "rescued" })), ["unrescue", ...always]);
  assert.deepEqual(possible(actionsOf({ vmState: "error" })), ["hardReboot", "stop", "rescue", ...always]);
  assert.deepEqual(possible(actionsOf({ vmState: "building", taskState: "spawning" })), always);
  assert.deepEqual(possible(actionsOf({ taskState: "deleting" })), []);
});

test("the words name the state, and those that it would take", () => {
  const { rescue, reboot } = actionsOf({ vmState: "rescued" });
  assert.equal(
    rescue,
    "The server is in rescue mode; this is for one that is running, is stopped or is in error",
  );
  assert.equal(reboot, "The server is in rescue mode; this is for one that is running");
  const busy = actionsOf({ taskState: "rebooting" });
  assert.equal(busy.stop, "The server reboots: wait until that is done");
});

test("an activation goes by the image's system and by what the agent offers", () => {
  const offered = { agentFeatures: ["version", "kmsactivate"] };
  assert.equal(actionsOf(offered).registerRedHat, null);
  assert.equal(actionsOf(offered, { image: windows }).activateWindows, null);
  const other = actionsOf(offered, { image: windows }).registerRedHat;
  assert.equal(other, "The image windows-2022 is not of Linux");
  const without = actionsOf({ agentFeatures: ["version"] }).registerRedHat;
  assert.equal(without, "The guest's agent does not offer kmsactivate");
  const unknown = actionsOf({ agentFeatures: null }).registerRedHat;
  assert.equal(unknown, "The guest's agent has not been asked yet whether it offers kmsactivate");
});
