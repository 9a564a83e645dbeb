import assert from "node:assert/strict";
import { test } from "node:test";
import { XenstoreError } from "@nova-agent/xenstore";
import { createManualClock } from "@nova-agent/xenstore/testing";
import { resetnetwork } from "../../src/commands/resetnetwork.ts";
import type { Plan } from "../../src/plan.ts";
import { execute } from "../../src/system/executor.ts";
import { spellSteps } from "../os/golden-case.ts";
import { canonical, createDebianGuest } from "../support/debian-guest.ts";
import type { FakeSystem } from "../support/fake-system.ts";
import { createGuest } from "../support/guest.ts";
import { createReader, networkingData } from "../support/vm-data.ts";
import { withoutOriginals } from "../support/without-originals.ts";

const networks = networkingData(canonical.networking);

/** What ifup keeps of the interfaces it has brought up, which the fake programs do not. */
function bringAllUp({ files }: FakeSystem): void {
  files.addFile("/run/network/ifstate", "lo=lo\neth0=eth0\neth1=eth1\n");
}

/** A Debian guest whose ifup tells resolvconf, and on which programs end with the status that `run` gives. */
function createDebian({ run }: { readonly run?: (argv: readonly string[]) => number } = {}): FakeSystem {
  const system = createDebianGuest({
    run: ({ argv }) => ({ status: run?.(argv) ?? 0, stdout: argv[0] === "hostname" ? "debian\n" : "" }),
  });
  system.files.addFile("/etc/network/if-up.d/000resolvconf", "");
  return system;
}

function decide(system: FakeSystem, values: Readonly<Record<string, string>>): Promise<Plan> {
  return resetnetwork.decide("", createGuest({ system, xenstore: createReader(values) }));
}

test("a reset answers 0 without a message, and 1 when a step fails", async () => {
  const plan = await decide(createDebian(), networks);
  assert.deepEqual(plan.reply, { returncode: "0", message: "" });
  assert.equal(resetnetwork.failureCode, "1");
  assert.match(spellSteps(plan.steps), /run ifup eth0\nrun ifup eth1\n/);
});

test("a second reset has nothing to do", async () => {
  const system = createDebian();
  const values = { ...networks, "vm-data/hostname": "web01\n" };
  await execute(await decide(system, values), { system, root: "/" });
  system.files.addFile("/proc/sys/kernel/hostname", "web01\n");
  bringAllUp(system);
  assert.deepEqual((await decide(system, values)).steps, []);
});

test("a reset that fails leaves every file as it was and the old network up", async () => {
  const system = createDebian({ run: (argv) => (argv.join(" ") === "ifup eth1" ? 1 : 0) });
  const before = system.files.all();
  const plan = await decide(system, { ...networks, "vm-data/hostname": "web01" });
  await assert.rejects(execute(plan, { system, root: "/" }), { code: "AGENT_STEP_FAILED", message: /eth1/ });
  assert.deepEqual(withoutOriginals(system.files.all()), before);
  assert.deepEqual(
    system.calls.map(({ argv }) => argv.join(" ")).filter((line) => line.startsWith("if")),
    [
      "ifdown --force eth0",
      "ifup eth0",
      "ifup eth1",
      "ifdown --force eth1",
      "ifdown --force eth0",
      "ifup --force eth0",
    ],
  );
});

test("without a wanted host name the guest keeps its own", async () => {
  for (const values of [networks, { ...networks, "vm-data/hostname": "" }]) {
    const plan = await decide(createDebian(), values);
    assert.doesNotMatch(spellSteps(plan.steps), /hostname/);
  }
});

test("without networks only the host name is set, whatever keeps the network", async () => {
  const system = createDebian();
  system.files.remove("/sbin/ifup");
  const plan = await decide(system, { "vm-data/hostname": "RESCUE-web01" });
  assert.equal(
    spellSteps(plan.steps),
    "write /etc/hostname 0644\nwrite /etc/hosts 0644\nhostname RESCUE-web01\n",
  );
});

test("without anything in vm-data there is nothing to do", async () => {
  assert.deepEqual((await decide(createDebian(), {})).steps, []);
});

/** The system with a clock by which time passes as soon as somebody waits for it. */
function hurry(system: FakeSystem): FakeSystem {
  const clock = createManualClock();
  const after = (delayMs: number, callback: () => void) => {
    const cancel = clock.after(delayMs, callback);
    setImmediate(() => clock.advance(delayMs));
    return cancel;
  };
  return { ...system, clock: { nowMs: () => clock.nowMs(), after } };
}

test("a network without its VIF is left out and named, the others are reset", async () => {
  const system = createDebian();
  system.files.remove("/sys/class/net/eth1/device/nodename");
  const plan = await decide(hurry(system), networks);
  assert.equal(plan.reply.returncode, "0");
  assert.match(plan.reply.message, /40:40:97:83:78:2e \(private\)/);
  assert.match(spellSteps(plan.steps), /run ifup eth0\n$/);
});

test("a reset whose networks all lack their VIF answers 1 with their names, and sets the host name", async () => {
  const system = createDebian();
  for (const name of ["eth0", "eth1"]) system.files.remove(`/sys/class/net/${name}/device/nodename`);
  const plan = await decide(hurry(system), { ...networks, "vm-data/hostname": "web01" });
  assert.equal(plan.reply.returncode, "1");
  assert.match(plan.reply.message, /: 40:40:97:83:78:2e \(private\), bc:76:4e:20:6c:5b \(public\)$/);
  assert.equal(spellSteps(plan.steps), "write /etc/hostname 0644\nwrite /etc/hosts 0644\nhostname web01\n");
});

test("an SR-IOV virtual function that xapi names stands for its VIF", async () => {
  const system = createDebian();
  system.files.remove("/sys/class/net/eth0/device/nodename");
  system.files.addFile("/sys/class/net/eth0/device/vendor", "0x8086\n");
  const directory = "xenserver/device/net-sriov-vf";
  const reader = createReader({ ...networks, [`${directory}/0/mac`]: "BC:76:4E:20:6C:5B" });
  const xenstore = {
    ...reader,
    list: async (path: string) => (path === directory ? ["0", "1", "x"] : reader.list(path)),
  };
  const plan = await resetnetwork.decide("", createGuest({ system, xenstore }));
  assert.deepEqual(plan.reply, { returncode: "0", message: "" });
  assert.match(spellSteps(plan.steps), /run ifup eth0\nrun ifup eth1\n$/);
});

function addToBridge({ files }: FakeSystem, name: string): void {
  files.addLink(`/sys/class/net/${name}/master`, "../br0");
  files.addDirectory("/sys/class/net/br0/bridge");
}

test("a VIF that is a port of a bridge is left alone and named, the others are reset", async () => {
  const system = createDebian();
  addToBridge(system, "eth0");
  const plan = await decide(system, networks);
  assert.deepEqual(plan.reply, {
    returncode: "0",
    message: "Left out, because eth0 belongs to bridge br0",
  });
  assert.match(spellSteps(plan.steps), /run ifup eth1\n$/);
  assert.doesNotMatch(spellSteps(plan.steps), /eth0/);
  addToBridge(system, "eth1");
  const nothing = await decide(system, networks);
  assert.equal(nothing.reply.returncode, "1");
  assert.deepEqual(nothing.steps, []);
});

test("other errors of XenStore are not taken for an absence", async () => {
  const failure = new XenstoreError("EACCES", "Cannot list vm-data/networking");
  const xenstore = { ...createReader(networks), list: () => Promise.reject(failure) };
  const guest = createGuest({ system: createDebian(), xenstore });
  await assert.rejects(resetnetwork.decide("", guest), failure);
});

test("a wanted network on a guest that nothing keeps is refused", async () => {
  const system = createDebian();
  system.files.remove("/sbin/ifup");
  await assert.rejects(decide(system, networks), /Couldn't figure out what keeps the network/);
});

const [keyOfEth0 = "", keyOfEth1 = ""] = Object.keys(networks);

test("an interface whose network is malformed is left alone and named, the others are reset", async () => {
  const system = createDebian();
  const plan = await decide(system, { ...networks, [keyOfEth1]: "{", "vm-data/hostname": "web01" });
  assert.equal(plan.reply.returncode, "1");
  assert.match(
    plan.reply.message,
    /^vm-data\/networking\/\w+ is "\{", which is not a JSON object; correct it/,
  );
  assert.match(spellSteps(plan.steps), /hostname web01\n[^]*run ifup eth0\n$/);
  await execute(plan, { system, root: "/" });
  assert.match(system.files.text("/etc/network/interfaces") ?? "", /^iface eth0 inet static$/m);
  assert.doesNotMatch(system.files.text("/etc/network/interfaces") ?? "", /^iface eth1 inet static$/m);
});

test("a malformed network takes its interface out even where another key has the same MAC address", async () => {
  const again = JSON.stringify({ ...JSON.parse(networks[keyOfEth0] ?? ""), dns: ["ns1.example"] });
  const plan = await decide(createDebian(), { ...networks, "vm-data/networking/public": again });
  assert.equal(plan.reply.returncode, "1");
  assert.doesNotMatch(spellSteps(plan.steps), /eth0/);
  assert.match(spellSteps(plan.steps), /run ifup eth1\n$/);
});

const [publicNetwork, privateNetwork] = [keyOfEth0, keyOfEth1].map((key) => JSON.parse(networks[key] ?? ""));
const gateways = {
  [keyOfEth0]: JSON.stringify(publicNetwork),
  [keyOfEth1]: JSON.stringify({ ...privateNetwork, gateway: "10.208.224.1" }),
};
const badPublic = JSON.stringify({ ...publicNetwork, ips: [{ ip: "203.0.113.999", netmask: 24 }] });

/** The stanza of IPv4 of an interface once the plan is carried out. */
async function stanzaAfter(plan: Plan, system: FakeSystem, name: string): Promise<string> {
  await execute(plan, { system, root: "/" });
  const text = system.files.text("/etc/network/interfaces") ?? "";
  return new RegExp(`^iface ${name} inet static\n(?: .*\n)*`, "m").exec(text)?.[0] ?? "";
}

test("the default route of one interface never takes the place of another's that was not understood", async () => {
  const good = createDebian();
  assert.match(await stanzaAfter(await decide(good, gateways), good, "eth1"), /^ {4}metric 2049$/m);
  const system = createDebian();
  const values = { ...gateways, [keyOfEth0]: badPublic };
  const plan = await decide(system, values);
  assert.match(await stanzaAfter(plan, system, "eth1"), /\bmetric 1536$/m);
  bringAllUp(system);
  const again = await decide(system, values);
  assert.deepEqual(again.steps, []);
  assert.equal(again.reply.returncode, "1");
});

test("the gateways of an interface that was not understood have to go on answering", async () => {
  const system = createDebian();
  const values = { ...gateways, [keyOfEth0]: badPublic };
  const bystanders = async () =>
    (await decide(system, values)).steps.flatMap((step) =>
      step.step === "applyNetwork" ? (step.bystanders ?? []) : [],
    );
  assert.deepEqual(await bystanders(), ["eth0"]);
  addToBridge(system, "eth0");
  assert.deepEqual(await bystanders(), ["br0"]);
});

test("a fault that can be of no interface leaves the default routes as they are", async () => {
  const stray = JSON.stringify({ mac: "00:16:3E:77:77:77", dns: ["ns1.example"] });
  const faults = { "vm-data/networking/x": "{", "vm-data/networking/y": stray };
  const all = createDebian();
  const whole = await decide(all, { ...gateways, ...faults });
  assert.doesNotMatch(await stanzaAfter(whole, all, "eth0"), /metric/);
  const one = createDebian();
  const only = { [keyOfEth0]: gateways[keyOfEth0] ?? "" };
  const named = await decide(one, { ...only, "vm-data/hostname": "a b" });
  assert.doesNotMatch(await stanzaAfter(named, one, "eth0"), /metric/);
  const unsure = createDebian();
  assert.match(
    await stanzaAfter(await decide(unsure, { ...only, ...faults }), unsure, "eth0"),
    /\bmetric 1536$/m,
  );
});

test("a malformed network of no interface of the guest is named, and the reset is done", async () => {
  const stray = JSON.stringify({ mac: "00:16:3E:77:77:77", dns: ["ns1.example"] });
  const plan = await decide(createDebian(), { ...networks, "vm-data/networking/other": stray });
  assert.equal(plan.reply.returncode, "0");
  assert.match(plan.reply.message, /vm-data\/networking\/other: dns\[0\] is "ns1\.example"/);
  assert.match(spellSteps(plan.steps), /run ifup eth0\nrun ifup eth1\n$/);
});

test("a malformed network of which nobody can tell whose it is fails the reset, and the others are done", async () => {
  const plan = await decide(createDebian(), { ...networks, "vm-data/networking/x": "{" });
  assert.equal(plan.reply.returncode, "1");
  assert.match(spellSteps(plan.steps), /run ifup eth0\nrun ifup eth1\n$/);
});

for (const hostname of ["müller", "My Server", "a b"]) {
  test(`the host name ${hostname} is refused and named, and the network is reset`, async () => {
    const plan = await decide(createDebian(), { ...networks, "vm-data/hostname": hostname });
    assert.equal(plan.reply.returncode, "1");
    assert.ok(
      plan.reply.message.startsWith(`vm-data/hostname is "${hostname}", which is no host name; use `),
    );
    assert.match(spellSteps(plan.steps), /run ifup eth0\nrun ifup eth1\n$/);
    assert.doesNotMatch(spellSteps(plan.steps), /hostname/);
  });
}

test("a file of the network without its last line feed is left so", async () => {
  const system = createDebian();
  await execute(await decide(system, networks), { system, root: "/" });
  const text = system.files.text("/etc/network/interfaces") ?? "";
  system.files.addFile("/etc/network/interfaces", text.trimEnd());
  bringAllUp(system);
  assert.deepEqual((await decide(system, networks)).steps, []);
});

test("cloud-init is told to leave network and host name alone, once", async () => {
  const system = createDebian();
  system.files.addFile("/usr/bin/cloud-init", "");
  const values = { ...networks, "vm-data/hostname": "web01" };
  const plan = await decide(system, values);
  assert.match(
    spellSteps(plan.steps),
    /^write \/etc\/cloud\/cloud\.cfg\.d\/99-nova-agent-network\.cfg 0644\n/,
  );
  await execute(plan, { system, root: "/" });
  system.files.addFile("/proc/sys/kernel/hostname", "web01\n");
  bringAllUp(system);
  assert.deepEqual((await decide(system, values)).steps, []);
});
