import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { systemTest } from "@nova-agent/testbed";
import * as fc from "fast-check";
import type { WantedNetwork } from "../../../src/network/wanted-network.ts";
import type { NetworkFacts } from "../../../src/os/backend.ts";
import { wicked } from "../../../src/os/wicked/backend.ts";
import { filesAfter, type GoldenNetwork, readGoldenCases } from "../golden-case.ts";
import { anyNetwork, expectedOf, networkModels, type ReadBack, wantedOf } from "../models.ts";
import { bringUp, type NamespaceOutcome } from "../namespace-reader.ts";

const needs = ["namespaces", "ip"] as const;
const timeoutMs = 60_000;
const script = fileURLToPath(new URL("../../../../test/os/wicked/bring-up.sh", import.meta.url));

/** Compares all but the name servers, which netconfig keeps in one list, with a list of all of them. */
function compare(wanted: WantedNetwork, { interfaces, told }: NamespaceOutcome): void {
  const expected = expectedOf(wanted);
  for (const [name, link] of Object.entries(expected)) {
    // The user's MTU stays where the host names none.
    const mtuBytes = link.mtuBytes ?? interfaces[name]?.mtuBytes;
    assert.deepEqual(interfaces[name], { ...link, dns: [], mtuBytes });
  }
  const servers = (told.get("dns") ?? []).map(([, server]) => server);
  assert.deepEqual(servers.toSorted(), allServers(expected));
  const isStatic = wanted.interfaces.filter((each) =>
    each.addresses.some(({ address }) => address.family === 6),
  );
  const noAnnouncements = new Set((told.get("no-ra") ?? []).map(([name]) => name));
  for (const { name } of isStatic) assert.ok(noAnnouncements.has(name), name);
}

function allServers(expected: ReadBack): string[] {
  return [...new Set(Object.values(expected).flatMap(({ dns }) => dns))].toSorted();
}

/** Writes the network for a guest without any and has it read back. */
async function check(context: TestContext, network: GoldenNetwork): Promise<void> {
  const facts: NetworkFacts = {
    vifs: network.vifs,
    hostname: "guest",
    evidence: new Map([["/usr/sbin/wicked", {}]]),
    files: new Map(),
  };
  const wanted = wantedOf(network);
  const files = filesAfter(new Map(), wicked.plan(wanted, facts));
  compare(wanted, await bringUp(context, { script, files }));
  assert.deepEqual(wicked.plan(wanted, { ...facts, files }), []);
}

for (const [name, network] of Object.entries(networkModels)) {
  systemTest(`bash and ip bring up what wicked's files say of ${name}`, { needs, timeoutMs }, (context) =>
    check(context, network),
  );
}

systemTest("bash and ip bring up what wicked's files say of any network", { needs, timeoutMs }, (context) =>
  fc.assert(
    fc.asyncProperty(anyNetwork, (network) => check(context, network)),
    { numRuns: 20 },
  ),
);

for (const { name, network, after } of readGoldenCases("wicked")) {
  systemTest(
    `bash and ip bring up the golden files of wicked's ${name}`,
    { needs, timeoutMs },
    async (context) => {
      const files = new Map([...after].filter(([path]) => !path.endsWith("ifcfg-eth2")));
      compare(wantedOf(network), await bringUp(context, { script, files }));
    },
  );
}
