import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { privateRoot, systemTest } from "@nova-agent/testbed";
import { netctl } from "../../../src/os/netctl.ts";
import { readGoldenCases } from "../golden-case.ts";
import { plannedFiles, startGuests } from "../kernel-read-back.ts";
import { expectedOf, networkModels, wantedOf } from "../models.ts";

const needs = ["namespaces", "apt", "ip"] as const;
const timeoutMs = 120_000;
const script = fileURLToPath(new URL("../../../../test/os/netctl/guest-namespace.sh", import.meta.url));

systemTest(
  "netctl brings every model up as it is wanted, and down",
  { needs, timeoutMs },
  async (context) => {
    const names = Object.keys(networkModels);
    const guests = Object.values(networkModels).map((network) => plannedFiles(netctl, network));
    const outcomes = await startGuests(context, { words: [script, await privateRoot(["netctl"])], guests });
    for (const [index, { network }] of guests.entries()) {
      assert.deepEqual(outcomes[index], { started: expectedOf(wantedOf(network)), left: [] }, names[index]);
    }
  },
);

systemTest("netctl brings every golden case up as it is wanted", { needs, timeoutMs }, async (context) => {
  // What the user says there beside the host is a rule with a table, a script and name servers.
  const cases = readGoldenCases("netctl").filter(({ name }) => name !== "user-options");
  const guests = cases.map(({ network, after: files }) => ({ network, files }));
  const outcomes = await startGuests(context, { words: [script, await privateRoot(["netctl"])], guests });
  for (const [index, { name, network }] of cases.entries()) {
    assert.deepEqual(outcomes[index]?.started, expectedOf(wantedOf(network)), name);
  }
});
