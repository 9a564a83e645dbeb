import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, command } from "../../src/commands/command.ts";
import { featuresOf } from "../../src/commands/features.ts";
import { commands } from "../../src/commands/index.ts";
import { AgentError } from "../../src/errors.ts";
import type { RequestValue } from "../../src/protocol/request.ts";
import { AGENT_VERSION } from "../../src/version.ts";
import { createFakeSystem } from "../support/fake-system.ts";
import { createGuest } from "../support/guest.ts";

async function messageOf(name: string, value: RequestValue): Promise<string> {
  const plan = await commands.get(name)?.decide(value, createGuest());
  assert.deepEqual(plan?.steps, []);
  assert.equal(plan?.reply.returncode, "0");
  return plan?.reply.message ?? "";
}

test("version answers 3.0.0 to any value", async () => {
  for (const value of ["agent", "", undefined, 5, { a: 1 }] as const) {
    assert.equal(await messageOf("version", value), "3.0.0");
  }
});

test("the version is above those that a host would replace", () => {
  const [major = 0] = AGENT_VERSION.split(".").map(Number);
  assert.ok(major > 2);
  assert.match(AGENT_VERSION, /^\d+\.\d+\.\d+$/);
});

test("features lists what works, itself too, with commas and without blanks", async () => {
  const names = (await messageOf("features", "")).split(",");
  for (const name of [
    "version",
    "features",
    "keyinit",
    "password",
    "resetnetwork",
    "injectfile",
    "file_inject",
  ]) {
    assert.ok(names.includes(name), name);
  }
  assert.equal(new Set(names).size, names.length);
  assert.ok(
    names.every((name) => /^[a-z_]+$/.test(name)),
    names.join(),
  );
});

test("features lists doctor behind what was there before it, and before itself", async () => {
  const names = (await messageOf("features", "")).split(",");
  assert.deepEqual(names.slice(-3), ["resetnetwork", "doctor", "features"]);
});

test("features leaves out what is refused everywhere", async () => {
  const names = (await messageOf("features", "")).split(",");
  assert.ok(!names.includes("agentupdate"));
});

test("features lists kmsactivate where a program is that registers, and nowhere else", async () => {
  const system = createFakeSystem();
  const guest = createGuest({ system });
  const names = async () => (await commands.get("features")?.decide("", guest))?.reply.message.split(",");
  assert.equal((await names())?.includes("kmsactivate"), false);
  system.files.addFile("/usr/sbin/subscription-manager", "#!/usr/bin/python3\n");
  assert.equal((await names())?.includes("kmsactivate"), true);
});

test("features asks each command whether it works on this guest", async () => {
  const parts = { gather: () => Promise.resolve(), plan: () => answer("") };
  const rows = [
    command({ ...parts, name: "here" }),
    command({ ...parts, name: "elsewhere", isListed: async (guest) => guest.root !== "/" }),
  ];
  const features = featuresOf(rows);
  assert.equal((await features.decide("", createGuest())).reply.message, "here,features");
  assert.equal(
    (await features.decide("", createGuest({ root: "/mnt" }))).reply.message,
    "here,elsewhere,features",
  );
});

test("every command stands in the table under its own name", () => {
  for (const [name, command] of commands) assert.equal(command.name, name);
});

test("names that every object has are no commands", () => {
  for (const name of ["__proto__", "constructor", "toString", "get", ""])
    assert.equal(commands.get(name), undefined);
});

const refusals = [["agentupdate", "Agent updates come as packages of the distribution"]] as const;

for (const [name, message] of refusals) {
  test(`${name} is refused with "${message}"`, async () => {
    await assert.rejects(
      async () => commands.get(name)?.decide("http://host/x,0123", createGuest()),
      (error) =>
        error instanceof AgentError && error.code === "AGENT_UNSUPPORTED" && error.message === message,
    );
  });
}
