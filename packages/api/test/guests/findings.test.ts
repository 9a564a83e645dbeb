import assert from "node:assert/strict";
import test from "node:test";
import { type GuestSight, HostError, type HostErrorCode, type Instance } from "@nova-agent/host";
import { sightOf } from "@nova-agent/host/testing";
import { findingRoutes } from "../../src/guests/findings/finding-routes.ts";
import { NEWEST_AGENT_VERSION } from "../../src/guests/newest-agent-version.ts";
import { idOf, rescueImage } from "../compute/support/samples.ts";
import { listOf, NOW, openGuests } from "./support/guests-world.ts";

const { database, ask, add, addPort, addOperation, observation, doctor } = await openGuests(findingRoutes);
await database.inventory.insertImage({ ...rescueImage, id: idOf(902), name: "bare", hasAgent: false });

const running = { "data/os_name": "Debian", "data/updated": "now" };
const healthy = { agentSeenAt: NOW, agentVersion: NEWEST_AGENT_VERSION };
let last = 0;

/** An instance of its own with what its host sees. */
async function place(changes: Partial<Instance> = {}, sight?: GuestSight): Promise<number> {
  last += 1;
  await add(last, { ...healthy, ...changes });
  if (sight !== undefined) observation.sights.set(idOf(last), sight);
  return last;
}

/** What is found that is not well, as text: `check severity: what. fix`. */
async function foundOf(number: number): Promise<readonly string[]> {
  const findings = listOf(await ask(`/servers/${idOf(number)}/findings`, "reader"), "findings");
  const bad = findings.filter(({ severity }) => severity === "problem" || severity === "warning");
  return bad.map(({ check, severity, what, fix }) => [check, severity, what, fix].join(" | "));
}

test("a server that is well has nothing but good findings, each at the host", async () => {
  const number = await place({}, sightOf(running));
  const findings = listOf(await ask(`/servers/${idOf(number)}/findings`), "findings");
  assert.deepEqual([...new Set(findings.map(({ severity }) => severity))], ["ok"]);
  assert.deepEqual([...new Set(findings.map(({ where }) => where))], ["host"]);
  assert.ok(findings.some(({ what }) => what === "Domain 5 runs"));
});

const domains: readonly (readonly [string, Partial<Instance>, GuestSight | undefined, RegExp])[] = [
  ["runs and has no domain", {}, undefined, /^domain \| problem \| .*no domain \| Reboot it hard$/],
  [
    "is stopped",
    { vmState: "stopped" },
    undefined,
    /^domain \| warning \| The server is stopped \| Start it$/,
  ],
  [
    "is stopped and has a domain",
    { vmState: "stopped" },
    sightOf(running),
    /^domain \| problem \| The server counts as stopped and domain 5 runs/,
  ],
  [
    "is paused",
    {},
    sightOf(running, { isIntroduced: false }),
    /^domain \| problem \| XenStore does not serve domain 5: it is being built, paused/,
  ],
  [
    "is in error",
    { vmState: "error", fault: { code: 500, message: "No disk", at: NOW } },
    undefined,
    /^domain \| problem \| The server is in error: No disk/,
  ],
  [
    "is rescued",
    { vmState: "rescued", rescueImageId: rescueImage.id },
    sightOf(running),
    /^rescue \| warning \| The server runs a rescue system, rescue, beside its own disk/,
  ],
];

for (const [name, changes, sight, expected] of domains) {
  test(`a server that ${name} is found`, async () => {
    const found = await foundOf(await place(changes, sight));
    assert.ok(
      found.some((line) => expected.test(line)),
      found.join("\n"),
    );
  });
}

test("an image without agent, a silent agent and an old one are found", async () => {
  const bare = await place({ imageId: idOf(902), agentSeenAt: null, agentVersion: null }, sightOf(running));
  assert.deepEqual(await foundOf(bare), [
    "image | problem | The image bare has no agent: passwords and networks are not set | " +
      "Install nova-agent in the guest, or use an image that has it",
  ]);
  const silent = await place({ agentSilentSince: NOW }, sightOf(running));
  assert.match((await foundOf(silent)).join("\n"), /^agent \| problem \| .*since 2026-01-02T04:00:00.000Z/);
  const old = await place({ agentVersion: "1.39.1" }, sightOf(running));
  assert.match(
    (await foundOf(old)).join("\n"),
    /^version \| warning \| The agent is 1.39.1, and 3.0.0 is there/,
  );
  for (const version of ["3.0.0-2", "3.0.1", "10.0", "unknown"]) {
    assert.deepEqual(await foundOf(await place({ agentVersion: version }, sightOf(running))), []);
  }
});

function sentAt(secondsAgo: number) {
  const at = new Date(NOW.getTime() - secondsAgo * 1000);
  return { createdAt: at, timeline: [{ at, state: "sent", text: "Sending" }] } as const;
}

test("a request that nobody takes is found, with how long it has waited", async () => {
  const number = await place({}, sightOf(running, { waiting: [idOf(651), idOf(652), "strange"] }));
  const own = { instanceId: idOf(number), state: "sent" } as const;
  await addOperation(51, { ...own, ...sentAt(25) });
  await addOperation(52, { ...own, kind: "version", ...sentAt(2) });
  assert.deepEqual(await foundOf(number), [
    'requests | problem | The request "password" has waited for 25 s to be taken | ' +
      "See that nova-agent runs in the guest: look at its console",
    'requests | warning | The request "version" has waited for 2 s to be taken | Wait a moment',
    "requests | warning | A request that is not in the ledger waits in data/host: strange | " +
      "Whoever wrote it withdraws it, or the agent takes it when it runs",
  ]);
});

test("what a heartbeat of the control service has there is no finding", async () => {
  const id = "6e6f7661-6265-4174-8000-000000000001";
  const number = await place({}, sightOf(running, { waiting: [id], left: [id] }));
  assert.deepEqual(
    (await foundOf(number)).filter((line) => /^(?:requests|replies)/.test(line)),
    [],
  );
});

test("replies that nobody reads are found, and those that are awaited are not", async () => {
  const number = await place({}, sightOf(running, { left: [idOf(653), "a", "b"] }));
  await addOperation(53, { instanceId: idOf(number), state: "taken" });
  assert.match((await foundOf(number)).join("\n"), /^replies \| warning \| 2 replies lie in data\/guest/);
});

test("a network that the guest is not told of, and a guest that tells nothing, are found", async () => {
  const number = await place({}, sightOf({ "device/vif/0/mac": "00:16:3e:00:00:99" }));
  await addPort(number, { mac: "00:16:3e:00:00:99" });
  assert.deepEqual(
    (await foundOf(number)).map((line) => line.split(" | ").slice(0, 3).join(" | ")),
    [
      "network | warning | Card 00:16:3e:00:00:99 in public: The guest is not told of this card: " +
        "vm-data/networking/00163e000099 is not there",
      "xe-daemon | warning | The guest tells nothing of itself: no system, no memory and no addresses are seen",
    ],
  );
});

test("the last operation is found when it failed, and why", async () => {
  const number = await place({}, sightOf(running));
  const error = { code: "GUEST_REFUSED", message: "No such user" };
  await addOperation(54, { instanceId: idOf(number), state: "failed", updatedAt: NOW, error });
  assert.deepEqual(await foundOf(number), [
    'last operation | warning | "password" failed at 2026-01-02T04:00:00.000Z: No such user | ' +
      "Mend what it names, and ask again",
  ]);
});

test("an examination adds what the guest's own doctor finds, the worst first", async () => {
  const number = await place({ agentSilentSince: NOW }, sightOf(running));
  const full = { severity: "problem", check: "disk", what: "/ is full", fix: "Make room" } as const;
  doctor.answer = async () => [full, { severity: "ok", check: "doctor", what: "9 looks", fix: "" }];
  const { status, body } = await ask(`/servers/${idOf(number)}/examination`, "member", {});
  assert.equal(status, 200);
  assert.deepEqual([body["guest"], body["words"]], ["answered", ""]);
  const findings = listOf({ status, body }, "findings");
  assert.deepEqual(findings[0], { where: "guest", ...full });
  // It has just answered.
  assert.ok(!findings.some(({ check }) => check === "agent"));
});

const failures: readonly (readonly [HostErrorCode, string])[] = [
  ["GUEST_TIMEOUT", "silent"],
  ["NO_SUCH_DOMAIN", "silent"],
  ["GUEST_UNSUPPORTED", "unsupported"],
  ["GUEST_REFUSED", "refused"],
  ["GUEST_BAD_REPLY", "refused"],
];

test("an examination tells how the guest did not answer, and has the host's findings all the same", async () => {
  const number = await place({}, sightOf(running));
  for (const [code, guest] of failures) {
    doctor.answer = async () => Promise.reject(new HostError(code, "In words"));
    const { status, body } = await ask(`/servers/${idOf(number)}/examination`, "member", {});
    assert.deepEqual([status, body["guest"], body["words"]], [200, guest, "In words"], code);
    assert.ok(listOf({ status, body }, "findings").length > 0);
  }
  doctor.answer = async () => Promise.reject(new HostError("XENSTORE_FAILED", "Secret of the host"));
  const { status, body } = await ask(`/servers/${idOf(number)}/examination`, "member", {});
  assert.equal(status, 500);
  assert.ok(!JSON.stringify(body).includes("Secret"));
});

async function guestOf(changes: Partial<Instance>): Promise<unknown> {
  const path = `/servers/${idOf(await place(changes))}/examination`;
  return (await ask(path, "member", {})).body["guest"];
}

test("a guest that cannot answer is not asked", async () => {
  const asked = doctor.asked;
  assert.equal(await guestOf({ vmState: "stopped" }), "silent");
  assert.equal(await guestOf({ imageId: idOf(902), agentSeenAt: null }), "none");
  assert.equal(await guestOf({ taskState: "rebooting" }), "refused");
  assert.equal(doctor.asked, asked);
});

test("who may only look does not ask guests, and nobody learns of other projects' servers", async () => {
  const number = await place({ projectId: "p2" });
  assert.equal((await ask(`/servers/${idOf(number)}/findings`)).status, 404);
  assert.equal((await ask(`/servers/${idOf(number)}/examination`, "member", {})).status, 404);
  assert.equal((await ask(`/servers/${idOf(1)}/examination`, "reader", {})).status, 403);
});
