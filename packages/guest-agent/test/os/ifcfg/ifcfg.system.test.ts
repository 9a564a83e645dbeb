import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { systemTest } from "@nova-agent/testbed";
import * as fc from "fast-check";
import type { NetworkFacts } from "../../../src/os/backend.ts";
import { ifcfg } from "../../../src/os/ifcfg/backend.ts";
import { filesAfter, type GoldenNetwork, readGoldenCases } from "../golden-case.ts";
import { anyNetwork, expectedOf, networkModels, wantedOf } from "../models.ts";
import { bringUp } from "../namespace-reader.ts";

const needs = ["namespaces", "ip"] as const;
const timeoutMs = 60_000;
const script = fileURLToPath(new URL("../../../../test/os/ifcfg/bring-up.sh", import.meta.url));

const runners = {
  network: ["/etc/sysconfig/network-scripts/ifup-eth"],
  NetworkManager: ["/usr/share/dbus-1/system.d/nm-ifcfg-rh.conf", "/run/NetworkManager"],
};

/** Writes the network for a guest without any and has it read back. */
async function check(
  context: TestContext,
  network: GoldenNetwork,
  evidence: readonly string[],
): Promise<void> {
  const facts: NetworkFacts = {
    vifs: network.vifs,
    hostname: "guest",
    evidence: new Map(evidence.map((path) => [path, {}])),
    files: new Map(),
  };
  const wanted = wantedOf(network);
  const files = filesAfter(new Map(), ifcfg.plan(wanted, facts));
  assert.deepEqual((await bringUp(context, { script, files })).interfaces, expectedOf(wanted));
  assert.deepEqual(ifcfg.plan(wanted, { ...facts, files }), []);
}

for (const [name, network] of Object.entries(networkModels)) {
  systemTest(`bash and ip bring up what ifcfg files say of ${name}`, { needs, timeoutMs }, (context) =>
    check(context, network, runners.network),
  );
}

systemTest("bash and ip bring up what ifcfg files say of any network", { needs, timeoutMs }, (context) =>
  fc.assert(
    fc.asyncProperty(anyNetwork, fc.constantFrom(...Object.values(runners)), (network, evidence) =>
      check(context, network, evidence),
    ),
    { numRuns: 20 },
  ),
);

for (const { name, network, after } of readGoldenCases("ifcfg")) {
  systemTest(
    `bash and ip bring up the golden files of ifcfg's ${name}`,
    { needs, timeoutMs },
    async (context) => {
      const files = new Map([...after].filter(([path]) => !path.endsWith("ifcfg-eth1.5")));
      const { interfaces } = await bringUp(context, { script, files });
      const expected = expectedOf(wantedOf(network));
      for (const [key, link] of Object.entries(expected)) {
        // The user's MTU stays where the host names none.
        assert.deepEqual(interfaces[key], { ...link, mtuBytes: link.mtuBytes ?? interfaces[key]?.mtuBytes });
      }
    },
  );
}
