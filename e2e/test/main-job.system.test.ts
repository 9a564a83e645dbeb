import assert from "node:assert/strict";
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { networkPath } from "@nova-agent/host/demo";
import { runChecked, temporaryDirectory } from "@nova-agent/testbed";
import { demoTest } from "./support/demo-test.ts";
import { guestFile, guestctl, inGuest, openXenstore, runDirectory, startDemo } from "./support/demo.ts";
import { machineState } from "./support/machine.ts";
import { parseAddresses, parseRoutes } from "./support/network-state.ts";

const needs = ["namespaces", "ip"] as const;
const PUBLIC_MAC = "00:16:3E:4A:10:01";

demoTest(
  "the guest is built with host name, addresses, routes and name servers",
  { needs },
  async (cleanup) => {
    const before = await machineState();
    const demo = await startDemo(cleanup, { directory: await runDirectory(cleanup), guest: "namespaces" });
    assert.equal(await inGuest(demo, ["hostname"]), "demo\n");
    assert.equal(await guestFile(demo, "/etc/hostname"), "demo\n");
    assert.deepEqual(parseAddresses(await inGuest(demo, ["ip", "-j", "address"]), ["eth0", "eth1"]), [
      {
        name: "eth0",
        isUp: true,
        addresses: [
          "2001:db8:10::10/64",
          "2001:db8:10::11/64",
          "203.0.113.10/24 203.0.113.255 eth0",
          "203.0.113.11/24 203.0.113.255 eth0",
        ],
      },
      { name: "eth1", isUp: true, addresses: ["10.208.227.239/19 10.208.255.255 eth1"] },
    ]);
    assert.deepEqual(parseRoutes(await inGuest(demo, ["ip", "-j", "route"])), [
      "10.176.0.0/12 via 10.208.224.1 dev eth1",
      "10.208.0.0/12 via 10.208.224.1 dev eth1",
      "default via 203.0.113.1 dev eth0 onlink",
    ]);
    const routes6 = parseRoutes(await inGuest(demo, ["ip", "-j", "-6", "route"]));
    assert.ok(routes6.includes("default via fe80::def dev eth0 onlink"), routes6.join("\n"));
    assert.match(await guestFile(demo, "/etc/resolv.conf"), /^nameserver 192\.0\.2\.53$/m);
    assert.deepEqual(await machineState(), before);
  },
);

demoTest("the agent has set the guest up before it serves its first request", { needs }, async (cleanup) => {
  const demo = await startDemo(cleanup, { directory: await runDirectory(cleanup), guest: "namespaces" });
  const lines = (await guestFile(demo, "/var/log/nova-agent.log")).trim().split("\n");
  const messages = lines.map((line) => (JSON.parse(line) as { message: string }).message);
  const applied = messages.indexOf("Applied host name and network at the start");
  assert.ok(applied >= 0 && applied < messages.indexOf("Request done"), messages.join("\n"));
});

demoTest(
  "a new password's hash stands in the guest's shadow file and the log has nothing of it",
  { needs },
  async (cleanup) => {
    const demo = await startDemo(cleanup, { directory: await runDirectory(cleanup), guest: "namespaces" });
    const password = "correct: horse ü";
    const outcome = await guestctl(demo, ["password", "demo"], `${password}\n`);
    assert.equal(outcome.status, 0, outcome.stderr);
    const hash = /^root:([^:]+):/m.exec(await guestFile(demo, "/etc/shadow"))?.[1] ?? "";
    assert.match(hash, /^\$6\$/);
    // crypt(3) takes method and salt from a hash, and gives the same one for the same password.
    const argv = ["perl", "-e", "print crypt($ARGV[0], $ARGV[1])", password, hash] as const;
    assert.equal(await runChecked({ argv, timeoutMs: 10_000 }), hash);
    const log = await guestFile(demo, "/var/log/nova-agent.log");
    assert.ok(!log.includes("horse") && !log.includes(Buffer.from(password).toString("base64")));
  },
);

demoTest("an injected file has its bytes, mode and owner in the guest", { needs }, async (cleanup) => {
  const demo = await startDemo(cleanup, { directory: await runDirectory(cleanup), guest: "namespaces" });
  const content = Buffer.from("with a comma, a NUL \0 and no UTF-8: \xff\n", "latin1");
  const local = join(await temporaryDirectory(cleanup), "local");
  await writeFile(local, content);
  const outcome = await guestctl(demo, ["inject-file", "demo", local, "/root/new/file.bin"]);
  assert.equal(outcome.status, 0, outcome.stderr);
  assert.equal(await guestFile(demo, "/root/new/file.bin"), content.toString("utf8"));
  assert.equal((await stat(`${demo.tree}/root/new/file.bin`)).mode & 0o777, 0o600);
  assert.equal(await inGuest(demo, ["stat", "-c", "%u:%g", "/root/new/file.bin"]), "0:0\n");
});

demoTest(
  "after vm-data changed a network reset replaces the old address and host name",
  { needs },
  async (cleanup) => {
    const demo = await startDemo(cleanup, { directory: await runDirectory(cleanup), guest: "namespaces" });
    const xenstore = await openXenstore(cleanup, demo);
    await xenstore.write("/local/domain/1/vm-data/hostname", "renamed");
    const address = { ip: "198.51.100.7", netmask: "255.255.255.128", enabled: "1", gateway: "198.51.100.1" };
    const network = {
      label: "public",
      mac: PUBLIC_MAC,
      gateway: "198.51.100.1",
      ips: [address],
      routes: [],
      dns: [],
    };
    await xenstore.write(networkPath(1, PUBLIC_MAC), JSON.stringify(network));
    const outcome = await guestctl(demo, ["reset-network", "demo"]);
    assert.equal(outcome.status, 0, outcome.stderr);
    assert.equal(await inGuest(demo, ["hostname"]), "renamed\n");
    const [eth0, eth1] = parseAddresses(await inGuest(demo, ["ip", "-j", "address"]), ["eth0", "eth1"]);
    assert.deepEqual(eth0?.addresses, ["198.51.100.7/25 198.51.100.127 eth0"]);
    assert.deepEqual(eth1?.addresses, ["10.208.227.239/19 10.208.255.255 eth1"]);
    const routes = parseRoutes(await inGuest(demo, ["ip", "-j", "route"]));
    assert.ok(routes.includes("default via 198.51.100.1 dev eth0 onlink"), routes.join("\n"));
    assert.doesNotMatch(await guestFile(demo, "/etc/network/interfaces"), /203\.0\.113/);
  },
);

demoTest("wrong requests are refused and the agent goes on answering", { needs }, async (cleanup) => {
  const demo = await startDemo(cleanup, { directory: await runDirectory(cleanup), guest: "namespaces" });
  const unknown = await guestctl(demo, ["send", "demo", "no-such-command"]);
  assert.equal(unknown.status, 1);
  assert.match(unknown.stdout + unknown.stderr, /404/);
  const missing = await guestctl(demo, ["version", "nobody"]);
  assert.equal(missing.status, 4);
  assert.match(missing.stderr, /nobody/);
  const xenstore = await openXenstore(cleanup, demo);
  await xenstore.write("/local/domain/1/data/host/not-json", "{");
  const version = await guestctl(demo, ["version", "demo"]);
  assert.equal(version.status, 0, version.stderr);
  assert.match(version.stdout, /3\.0\.0/);
});

demoTest("the commands that are printed work as they are printed", { needs }, async (cleanup) => {
  const demo = await startDemo(cleanup, { directory: await runDirectory(cleanup), guest: "namespaces" });
  const printed = [...demo.process.stdout().matchAll(/^ {2}npx guestctl (.+?)(?: {2,}.*)?$/gm)].map(
    ([, words = ""]) => words,
  );
  const finite = printed.filter((words) => !words.startsWith("watch"));
  assert.equal(finite.length, printed.length - 1);
  for (const words of finite) {
    const outcome = await guestctl(demo, words.split(" "), "Secret-1\n");
    assert.equal(outcome.status, 0, `guestctl ${words}\n${outcome.stderr}`);
  }
  assert.match(await guestFile(demo, "/root/package.json"), /nova-agent/);
});
