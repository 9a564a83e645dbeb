import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { systemTest } from "@nova-agent/testbed";
import { netifrc } from "../../../src/os/netifrc.ts";
import { readGoldenCases } from "../golden-case.ts";
import { plannedFiles, startGuests } from "../kernel-read-back.ts";
import { expectedOf, modelsAndRandom, wantedOf } from "../models.ts";

const needs = ["namespaces", "ip"] as const;
const timeoutMs = 120_000;
const script = fileURLToPath(new URL("../../../../test/os/netifrc/guest-namespace.sh", import.meta.url));

systemTest(
  "a shell and ip make every model and random networks of netifrc's file",
  { needs, timeoutMs },
  async (context) => {
    const models = modelsAndRandom(context, 20);
    const guests = models.map(([, network]) => plannedFiles(netifrc, network, ["/sbin/resolvconf"]));
    const outcomes = await startGuests(context, { words: [script], guests });
    for (const [index, { network }] of guests.entries()) {
      assert.deepEqual(outcomes[index]?.started, expectedOf(wantedOf(network)), models[index]?.[0]);
    }
  },
);

systemTest(
  "a shell and ip make every golden case of netifrc's file",
  { needs, timeoutMs },
  async (context) => {
    // One has bash's arrays for another interface's sake, and name servers of the user's.
    const cases = readGoldenCases("netifrc").filter(({ name }) => name !== "user-options");
    const guests = cases.map(({ network, after: files }) => ({ network, files }));
    const outcomes = await startGuests(context, { words: [script], guests });
    for (const [index, { name, network }] of cases.entries()) {
      assert.deepEqual(outcomes[index]?.started, expectedOf(wantedOf(network)), name);
    }
  },
);
