import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeUtf8, XenstoreClient } from "@nova-agent/xenstore";
import { nodeClock } from "@nova-agent/xenstore/node";
import { createLogger } from "../../src/log.ts";
import type { NetworkAction } from "../../src/command-line/command-line.ts";
import { runNetworkCommand } from "../../src/command-line/network-command.ts";
import type { NetworkView } from "../../src/command-line/network-view.ts";
import { DOMID, prepareGuest } from "../support/agent-harness.ts";
import { canonical, createDebianGuest } from "../support/debian-guest.ts";
import type { FakeResult, FakeSystem, RecordedCall } from "../support/fake-system.ts";
import { createMemoryXenstore } from "../support/memory-xenstore.ts";
import { withoutOriginals } from "../support/without-originals.ts";

const FILE = "/root/net.json";
const wanted = JSON.stringify({ hostname: canonical.hostname, networking: canonical.networking });
const log = createLogger({ level: "debug", write: () => {}, unixTime: () => 0 });

interface Asked {
  readonly root?: string;
  readonly from?: string | undefined;
  readonly isJson?: boolean;
}

async function ask(action: NetworkAction, system: FakeSystem, asked: Asked = {}) {
  let output = "";
  const print = (text: string): void => void (output += text);
  const isDone = await runNetworkCommand({
    action,
    system,
    log,
    print,
    root: "/",
    from: FILE,
    isJson: false,
    ...asked,
  });
  return { isDone, output };
}

function createGuest(text = wanted, options: Parameters<typeof createDebianGuest>[0] = {}): FakeSystem {
  const system = createDebianGuest(options);
  system.files.addFile(FILE, text);
  return system;
}

test("show tells the VIFs, who manages them and why, and what is wanted", async () => {
  const { isDone, output } = await ask("show", createGuest());
  assert.equal(isDone, true);
  assert.match(output, /^Host name\n {2}debian\n\nVIFs\n {2}eth0 {2}bc:76:4e:20:6c:5b {2}device\/vif\/0\n/);
  assert.match(output, /^ {2}\* ifupdown: yes, has the VIFs; found \/sbin\/ifup, \/sbin\/resolvconf$/m);
  assert.match(output, /^ {4}netplan: no, has nothing to do with them$/m);
  assert.match(
    output,
    /^ {2}host name web01\n {2}eth0 bc:76:4e:20:6c:5b \(public\)\n {4}address 198\.51\.100\.10\/24$/m,
  );
  assert.match(output, /^ {4}route 10\.176\.0\.0\/12 via 10\.208\.224\.1$/m);
});

test("show --json says the same to programs", async () => {
  const { output } = await ask("show", createGuest(), { isJson: true });
  const view = JSON.parse(output) as NetworkView;
  assert.deepEqual(view.vifs, canonical.vifs);
  assert.deepEqual(
    view.managers.filter(({ isChosen }) => isChosen).map(({ name }) => name),
    ["ifupdown"],
  );
  assert.equal(view.wanted.hostname, "web01");
  assert.equal(view.wanted.interfaces[0]?.routes[0], "default via 198.51.100.1");
});

test("show works where nothing is wanted and nobody manages the network", async () => {
  const system = createGuest("{}");
  system.files.remove("/sbin/ifup");
  const { output } = await ask("show", system);
  assert.match(output, /^ {4}ifupdown: no, has nothing to do with them; found \/sbin\/resolvconf$/m);
  assert.match(output, /^Wanted\n {2}none\n$/m);
});

test("plan shows the steps and changes nothing", async () => {
  const system = createGuest();
  const before = system.files.all();
  const { output } = await ask("plan", system);
  assert.match(output, /^write \/etc\/hostname [^\n]*\n {2}-debian\n {2}\+web01\n/);
  assert.match(output, /^run ifup eth1 /m);
  assert.match(output, /^answer 0\n$/m);
  assert.deepEqual(system.files.all(), before);
  assert.deepEqual(
    system.calls.filter(({ argv }) => argv.join(" ") !== "ip address show"),
    [],
  );
});

test("diff shows what would change in the files, and changes nothing", async () => {
  const system = createGuest();
  const before = system.files.all();
  const { isDone, output } = await ask("diff", system);
  assert.equal(isDone, true);
  assert.ok(
    output.startsWith("--- /etc/hostname\n+++ /etc/hostname\n@@ -1 +1 @@\n-debian\n+web01\n"),
    output,
  );
  assert.match(output, /^--- \/etc\/network\/interfaces\n\+\+\+ \/etc\/network\/interfaces\n@@ /m);
  assert.deepEqual(system.files.all(), before);
});

test("diff says when there is no difference", async () => {
  const { output } = await ask("diff", createGuest("{}"));
  assert.equal(output, "No difference\n");
});

test("what a file holds cannot steer the terminal", async () => {
  const system = createGuest();
  system.files.addFile("/etc/hostname", "\u001b[2Jdebian\n");
  assert.match((await ask("diff", system)).output, /^-\\x1b\[2Jdebian$/m);
});

test("apply brings it about and prints the answer, and has nothing to do then", async () => {
  const system = createGuest(JSON.stringify({ hostname: "web01" }));
  assert.deepEqual(await ask("apply", system), { isDone: true, output: "answer 0\n" });
  assert.equal(system.files.text("/etc/hostname"), "web01\n");
  system.files.addFile("/proc/sys/kernel/hostname", "web01\n");
  assert.deepEqual(await ask("apply", system), { isDone: true, output: "Nothing to do\nanswer 0\n" });
});

function failIfup({ argv }: RecordedCall): FakeResult {
  return { status: argv[0] === "ifup" ? 1 : 0, stdout: "debian\n" };
}

test("apply that fails prints the answer and leaves the files as they were", async () => {
  const system = createGuest(wanted, { run: failIfup });
  const before = system.files.all();
  const { isDone, output } = await ask("apply", system);
  assert.equal(isDone, false);
  assert.match(output, /^answer 1 Error starting network: eth0/);
  assert.deepEqual(withoutOriginals(system.files.all()), before);
});

test("apply refuses with an answer where nothing keeps the network", async () => {
  const system = createGuest();
  system.files.remove("/sbin/ifup");
  const { isDone, output } = await ask("apply", system);
  assert.equal(isDone, false);
  assert.match(output, /^answer 1 Couldn't figure out what keeps the network/);
});

test("apply under another root writes its files and runs nothing", async () => {
  const system = createGuest();
  for (const [path, text] of Object.entries(createDebianGuest().files.all()))
    system.files.addFile(`/mnt${path}`, text);
  assert.equal((await ask("apply", system, { root: "/mnt" })).isDone, true);
  assert.match(system.files.text("/mnt/etc/network/interfaces") ?? "", /198\.51\.100\.10\/24/);
  assert.deepEqual(system.calls, []);
});

test("a file that says nothing of the kind is refused with its name", async () => {
  await assert.rejects(ask("plan", createGuest("[")), { message: /^\/root\/net\.json is not JSON/ });
  const system = createGuest();
  system.files.addFile(FILE, "");
  system.files.remove(FILE);
  await assert.rejects(ask("plan", system), { code: "ENOENT" });
});

test("without a file it is vm-data that counts", async () => {
  const { connectHost, connectGuest } = createMemoryXenstore();
  const host = await XenstoreClient.open({ connect: connectHost, clock: nodeClock });
  await prepareGuest(host);
  await host.write(`/local/domain/${DOMID}/vm-data/hostname`, encodeUtf8("web01"));
  const system = createGuest("", { connectXenstore: connectGuest, clock: nodeClock });
  const { output } = await ask("apply", system, { from: undefined });
  assert.equal(output, "answer 0\n");
  assert.equal(system.files.text("/etc/hostname"), "web01\n");
  await host.close();
});

test("without a file and without XenStore the error is XenStore's", async () => {
  await assert.rejects(ask("show", createGuest(), { from: undefined }), { name: "XenstoreError" });
});

test("apply tells what it left out as a failure, and does the rest", async () => {
  const system = createGuest(JSON.stringify({ hostname: "My Server", networking: canonical.networking }));
  const { isDone, output } = await ask("apply", system);
  assert.equal(isDone, false);
  assert.match(output, /^answer 1 \/root\/net\.json: hostname is "My Server", which is no host name/);
  assert.match(system.files.text("/etc/network/interfaces") ?? "", /198\.51\.100\.10\/24/);
});

const stray = { mac: "00:16:3E:77:77:77", ips: [{ ip: "203.0.113.999", netmask: 24 }] };
const told = 'Not understood: /root/net.json: networking["x"]: ips[0].ip is "203.0.113.999"';

for (const action of ["show", "plan", "diff"] as const) {
  test(`${action} begins with what was not understood, and fails`, async () => {
    const system = createGuest(JSON.stringify({ hostname: "a b", networking: { x: stray } }));
    const { isDone, output } = await ask(action, system);
    assert.equal(isDone, false);
    const [first = "", second = ""] = output.split("\n");
    assert.ok(first.startsWith(told), output);
    assert.match(second, /^Not understood: \/root\/net\.json: hostname is "a b", which is no host name/);
    assert.doesNotMatch(output, /No difference/);
  });
}

test("show --json has what was not understood, and fails", async () => {
  const system = createGuest(JSON.stringify({ hostname: "a b", networking: { x: stray } }));
  const { isDone, output } = await ask("show", system, { isJson: true });
  assert.equal(isDone, false);
  const { faults } = JSON.parse(output) as NetworkView;
  assert.deepEqual(
    faults.map(({ mac }) => mac),
    ["00:16:3e:77:77:77", undefined],
  );
  assert.match(faults[0]?.message ?? "", /^\/root\/net\.json: networking\["x"\]: ips\[0\]\.ip is /);
});
