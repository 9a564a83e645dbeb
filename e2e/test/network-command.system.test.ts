import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { networkPath } from "@nova-agent/host/demo";
import { demoTest } from "./support/demo-test.ts";
import {
  guestFile,
  inGuest,
  openXenstore,
  type RunningDemo,
  runDirectory,
  startDemo,
} from "./support/demo.ts";
import { parseAddresses } from "./support/network-state.ts";

const needs = ["namespaces", "ip"] as const;
const PUBLIC_MAC = "00:16:3E:4A:10:01";
const AGENT = "/opt/nova-agent/packages/guest-agent/bin/nova-agent.mjs";
// Node is where it is on the machine, or at a place of the guest's own.
const RUN_NODE = 'if [ -x /opt/node ]; then exec /opt/node "$@"; else exec "$0" "$@"; fi';

/** What `nova-agent network` prints in the guest; it has to succeed. */
function network(demo: RunningDemo, ...args: readonly string[]): Promise<string> {
  return inGuest(demo, ["sh", "-c", RUN_NODE, process.execPath, AGENT, "network", ...args]);
}

demoTest("nova-agent network shows, plans and applies what vm-data says", { needs }, async (cleanup) => {
  const demo = await startDemo(cleanup, { directory: await runDirectory(cleanup), guest: "namespaces" });
  const shown = await network(demo, "show");
  assert.match(shown, /^ {2}\* ifupdown: yes, has the VIFs; found \/sbin\/ifup/m);
  assert.match(shown, /^ {2}eth0: up, MTU 1500, 203\.0\.113\.10\/24, 203\.0\.113\.11\/24/m);
  assert.match(shown, /^ {2}default via 203\.0\.113\.1 dev eth0$/m);
  assert.equal(await network(demo, "diff"), "No difference\n");
  const xenstore = await openXenstore(cleanup, demo);
  const address = { ip: "198.51.100.7", netmask: "255.255.255.128", enabled: "1", gateway: "198.51.100.1" };
  const wanted = { label: "public", mac: PUBLIC_MAC, gateway: "198.51.100.1", ips: [address] };
  await xenstore.write(networkPath(1, PUBLIC_MAC), JSON.stringify(wanted));
  const difference = await network(demo, "diff");
  assert.match(difference, /^\+ {4}address 198\.51\.100\.7\/25$/m);
  assert.match(difference, /^Kernel: eth0 lacks 198\.51\.100\.7\/25$/m);
  assert.match(await network(demo, "plan"), /^run ifup eth0 /m);
  assert.match(await guestFile(demo, "/etc/network/interfaces"), /203\.0\.113\.10/);
  assert.equal(await network(demo, "apply"), "answer 0\n");
  const [eth0] = parseAddresses(await inGuest(demo, ["ip", "-j", "address"]), ["eth0"]);
  assert.deepEqual(eth0?.addresses, ["198.51.100.7/25 198.51.100.127 eth0"]);
  assert.equal(await network(demo, "apply"), "Nothing to do\nanswer 0\n");
});

demoTest("nova-agent network applies a file in place of vm-data", { needs }, async (cleanup) => {
  const demo = await startDemo(cleanup, { directory: await runDirectory(cleanup), guest: "namespaces" });
  await writeFile(`${demo.tree}/root/net.json`, JSON.stringify({ hostname: "by-hand" }));
  assert.equal(await network(demo, "apply", "--from", "/root/net.json"), "answer 0\n");
  assert.equal(await inGuest(demo, ["hostname"]), "by-hand\n");
  const [eth0] = parseAddresses(await inGuest(demo, ["ip", "-j", "address"]), ["eth0"]);
  assert.ok(eth0?.addresses.some((text) => text.startsWith("203.0.113.10/24")));
});
