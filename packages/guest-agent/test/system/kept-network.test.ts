import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeUtf8 } from "@nova-agent/xenstore";
import { contextOf } from "../../src/system/context.ts";
import { keepNetwork, putNetworkBack } from "../../src/system/kept-network.ts";
import { createFakeSystem, type FakeResult, type RecordedCall } from "../support/fake-system.ts";

const BOOT_ID_PATH = "/proc/sys/kernel/random/boot_id";

/** A guest whose link has these addresses after each look, the last ones for good. */
function createGuestWith(
  looks: readonly (readonly string[])[],
  add: FakeResult = {},
  others: (call: RecordedCall) => FakeResult = () => ({}),
) {
  let at = 0;
  const show = () => {
    const addresses = looks[Math.min(at, looks.length - 1)] ?? [];
    at += 1;
    const lines = addresses.map(
      (each) => `    inet ${each} scope global eth0\n       valid_lft forever preferred_lft forever\n`,
    );
    return { stdout: `2: eth0: <BROADCAST,UP> mtu 1500 qdisc\n${lines.join("")}` };
  };
  const system = createFakeSystem({
    clock: {
      nowMs: () => 0,
      after: (_delayMs, callback) => {
        setImmediate(callback);
        return () => {};
      },
    },
    run: (call) => {
      const line = call.argv.join(" ");
      if (line === "ip address show") return show();
      return line.startsWith("ip address add") ? add : others(call);
    },
  });
  system.files.addFile(BOOT_ID_PATH, "first\n");
  const context = contextOf({ system, root: "/" });
  const added = () =>
    system.calls.map(({ argv }) => argv.join(" ")).filter((line) => line.startsWith("ip address add"));
  return { system, context, added };
}

const own = "192.0.2.5/24";
const addOwn = `ip address add ${own} scope global dev eth0`;

async function keptOf(addresses: readonly string[]) {
  const kept = await keepNetwork(["eth0"], createGuestWith([addresses]).context);
  assert.ok(kept);
  return kept;
}

test("without an address or a route there is nothing to keep", async () => {
  assert.equal(await keepNetwork(["eth0"], createGuestWith([[]]).context), undefined);
  assert.equal(await keepNetwork(["eth1"], createGuestWith([[own]]).context), undefined);
});

test("what is there is not put back", async () => {
  const kept = await keptOf([own]);
  const { context, added } = createGuestWith([[own]]);
  await putNetworkBack(kept, context);
  assert.deepEqual(added(), []);
});

test("what a network manager takes away behind the back is put back again", async () => {
  const kept = await keptOf([own]);
  const { context, added } = createGuestWith([[], [], [own]]);
  await putNetworkBack(kept, context);
  assert.deepEqual(added(), [addOwn, addOwn]);
});

test("what cannot be put back is tried a few times, and told", async () => {
  const kept = await keptOf([own]);
  const { context, added } = createGuestWith([[]], { status: 2, stderr: "No buffer space" });
  await assert.rejects(putNetworkBack(kept, context), {
    code: "AGENT_STEP_FAILED",
    message: `Cannot put back by ${addOwn}: 2 : No buffer space`,
  });
  assert.equal(added().length, 3);
});

test("a kernel that was started since never had it, and a guest that boots gets it from its files", async () => {
  const kept = await keptOf([own]);
  const { system, context, added } = createGuestWith([[]]);
  await putNetworkBack(kept, { ...context, isBeforeNetwork: true });
  system.files.addFile(BOOT_ID_PATH, encodeUtf8("second\n"));
  await putNetworkBack(kept, context);
  assert.deepEqual(added(), []);
});

test("a route that says onlink, which the kernel refuses, is put back without it", async () => {
  const gateway = "2001:db8:9::1";
  const route = `default via ${gateway} dev eth0 metric 2049 onlink pref medium`;
  const routes = new Set([route]);
  const refused = { status: 2, stderr: "Error: Nexthop has invalid gateway or device mismatch." };
  const { system, context } = createGuestWith([[own]], {}, ({ argv }) => {
    const line = argv.join(" ");
    if (line === "ip -6 route show") return { stdout: [...routes].join("\n") };
    const [, added] = /^ip -6 route append (.*)$/.exec(line) ?? [];
    if (added === undefined) return {};
    if (added.includes("onlink")) return refused;
    routes.add(added);
    return {};
  });
  const kept = await keepNetwork(["eth0"], context);
  assert.ok(kept);
  routes.clear();
  await putNetworkBack(kept, context);
  assert.deepEqual([...routes], [`default via ${gateway} dev eth0 metric 2049 pref medium`]);
  assert.equal(system.calls.filter(({ argv }) => argv.includes("append")).length, 2);
});
