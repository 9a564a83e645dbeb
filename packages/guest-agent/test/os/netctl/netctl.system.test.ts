import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { privateRoot, runChecked, systemTest, temporaryDirectory } from "@nova-agent/testbed";
import { netctl } from "../../../src/os/netctl.ts";
import { readGoldenCases } from "../golden-case.ts";
import { plannedFiles, startGuests } from "../kernel-read-back.ts";
import { expectedOf, modelsAndRandom, wantedOf } from "../models.ts";
import type { FailedReset } from "./guest-program.ts";

const needs = ["namespaces", "apt", "ip"] as const;
const timeoutMs = 120_000;
const sources = new URL("../../../../test/os/netctl/", import.meta.url);
const script = fileURLToPath(new URL("guest-namespace.sh", sources));

systemTest(
  "netctl brings every model and random networks up as they are wanted, and down",
  { needs, timeoutMs },
  async (context) => {
    const models = modelsAndRandom(context, 12);
    const guests = models.map(([, network]) => plannedFiles(netctl, network));
    const outcomes = await startGuests(context, { words: [script, await privateRoot(["netctl"])], guests });
    for (const [index, { network }] of guests.entries()) {
      assert.deepEqual(
        outcomes[index],
        { started: expectedOf(wantedOf(network)), left: [] },
        models[index]?.[0],
      );
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

systemTest(
  "netctl has the old network up again after a reset that failed",
  { needs, timeoutMs },
  async (context) => {
    const words = [process.execPath, fileURLToPath(new URL("guest-program.js", import.meta.url))];
    const resetScript = fileURLToPath(new URL("reset-namespace.sh", sources));
    const root = await privateRoot(["netctl"]);
    const work = await temporaryDirectory(context);
    const output = await runChecked({
      argv: ["unshare", "-Urnm", resetScript, root, ...words, work],
      timeoutMs,
    });
    const { error, profile, addresses, routes } = JSON.parse(output) as FailedReset;
    assert.match(error, /^Error starting network: eth0: 1 : /);
    assert.match(profile, /^Address=\('192.0.2.10\/24' '198.51.100.10\/24'\)$/m);
    assert.deepEqual(
      addresses.map((line) => line.split(" ")[1]),
      ["192.0.2.10/24", "198.51.100.10/24"],
    );
    assert.deepEqual(routes.toSorted(), [
      "203.0.113.0/24 via 198.51.100.1 dev eth0",
      "default via 192.0.2.1 dev eth0",
    ]);
  },
);
