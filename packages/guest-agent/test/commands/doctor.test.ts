import assert from "node:assert/strict";
import { test } from "node:test";
import { XenstoreClient } from "@nova-agent/xenstore";
import { nodeClock } from "@nova-agent/xenstore/node";
import { doctor } from "../../src/commands/doctor.ts";
import { checks } from "../../src/doctor/checks.ts";
import { SECOND_LOOK_MS } from "../../src/doctor/limits.ts";
import { REPLY_MAX_BYTES } from "../../src/limits.ts";
import { encodeReply } from "../../src/protocol/reply.ts";
import { request } from "../doctor/cases.ts";
import { addStatus, createDoctorGuest } from "../support/doctor-guest.ts";
import { FAKE_UNIX_TIME, type FakeSystem } from "../support/fake-system.ts";
import { createGuest } from "../support/guest.ts";

interface Told {
  readonly version: string;
  readonly ok: number;
  readonly left_out: number;
  readonly findings: readonly (readonly string[])[];
}

function connectXenstore(): Promise<never> {
  return Promise.reject(new Error("A connection of its own was opened"));
}

/** Asks as the agent does that serves the request, over its own connection. */
async function ask(system: FakeSystem, root = "/"): Promise<Told> {
  const xenstore = await XenstoreClient.open({ connect: system.connectXenstore, clock: nodeClock });
  const clock = { ...system.clock, after: refuseSecondLook(system.clock) };
  try {
    const guest = createGuest({ system: { ...system, connectXenstore, clock }, xenstore, root });
    const { steps, reply } = await doctor.decide("", guest);
    assert.deepEqual(steps, []);
    assert.equal(reply.returncode, "0");
    assert.ok(encodeReply(reply).length <= REPLY_MAX_BYTES);
    return JSON.parse(reply.message) as Told;
  } finally {
    await xenstore.close();
  }
}

function refuseSecondLook(clock: FakeSystem["clock"]): FakeSystem["clock"]["after"] {
  return (delayMs, callback) => {
    assert.notEqual(delayMs, SECOND_LOOK_MS, "The host waits for a second look");
    return clock.after(delayMs, callback);
  };
}

test("a guest of which all is well has no findings, and the checks are counted", async () => {
  assert.deepEqual(await ask(await createDoctorGuest()), {
    version: "3.0.0",
    ok: checks.length,
    left_out: 0,
    findings: [],
  });
});

test("what is wrong with the guest is told with the command that mends it, the worst first", async () => {
  const system = await createDoctorGuest();
  system.files.addFile("/etc/shadow", "root:*:20000:0:99999:7:::\n");
  system.files.remove("/etc/systemd/system/multi-user.target.wants/nova-agent.service");
  assert.deepEqual((await ask(system)).findings, [
    [
      "problem",
      "service",
      "nova-agent does not start with the system (systemd)",
      "systemctl enable --now nova-agent",
    ],
    ["warning", "root-password", "The password of root is locked; keys may still work", "passwd root"],
  ]);
});

test("the request itself, which waits until it is answered, is no fault, and is not looked at twice", async () => {
  const system = await createDoctorGuest({ vmData: request("doctor") });
  addStatus(system.files, { inHand: { id: "x", name: "doctor", since: FAKE_UNIX_TIME - 3 } });
  assert.deepEqual((await ask(system)).findings, []);
});

test("a request that has failed is told", async () => {
  const answers = { "data/guest/one": JSON.stringify({ returncode: "500", message: "No\u001b[2J" }) };
  const system = await createDoctorGuest({ vmData: { ...request("doctor"), ...answers } });
  const [found] = (await ask(system)).findings;
  assert.deepEqual(found?.slice(0, 3), [
    "warning",
    "requests",
    "A request has failed: one (500: No\\x1b[2J)",
  ]);
});

test("nothing in the guest is changed, and the only programs are those that look", async () => {
  const system = await createDoctorGuest();
  const [before, changes, calls] = [system.files.all(), system.files.changes.length, system.calls.length];
  await ask(system);
  assert.deepEqual(system.files.all(), before);
  assert.equal(system.files.changes.length, changes);
  assert.deepEqual(
    system.calls.slice(calls).map(({ argv }) => argv.slice(0, 2).join(" ")),
    ["ip address", "timedatectl show"],
  );
});

test("an agent that serves a guest below another root has the cards that are seen there", async () => {
  const root = "/srv/guest";
  const system = await createDoctorGuest({ root });
  system.files.remove("/sys/class/net/eth0/address");
  system.files.addFile(`${root}/sys/class/net/eth0/address`, "bc:76:4e:20:6c:5b\n");
  system.files.addFile(`${root}/sys/class/net/eth0/device/nodename`, "device/vif/0");
  const { findings } = await ask(system, root);
  assert.deepEqual(
    findings.filter(([severity]) => severity !== "skipped"),
    [],
  );
});
