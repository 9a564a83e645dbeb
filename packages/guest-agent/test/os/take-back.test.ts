import assert from "node:assert/strict";
import { test } from "node:test";
import { flatSteps } from "../../src/plan.ts";
import { execute } from "../../src/system/executor.ts";
import { createFakeSystem } from "../support/fake-system.ts";
import { type GoldenCase, planOf, readGoldenCases } from "./golden-case.ts";

/** What a program's call found: its words, and the files as they were then. */
interface Seen {
  readonly call: string;
  readonly files: Readonly<Record<string, string>>;
}

/** Carries out a golden case's plan; the n-th program fails, and none of the following ones. */
async function failAt(golden: GoldenCase, failing: number) {
  const seen: Seen[] = [];
  const system = createFakeSystem({
    run: ({ argv }) => {
      seen.push({ call: argv.join(" "), files: system.files.all() });
      return seen.length - 1 === failing ? { status: 1 } : undefined;
    },
  });
  for (const [path, text] of golden.before) system.files.addFile(path, text);
  system.files.addFile("/proc/sys/kernel/hostname", "debian\n");
  const before = system.files.all();
  const plan = planOf(golden.network, { files: golden.before, evidence: golden.evidence });
  // Without the check of the kernel, which a fake system has none of.
  const steps = flatSteps(plan.steps).filter(({ step }) => step !== "setHostname");
  const failed = await execute({ ...plan, steps }, { system, root: "/" }).then(
    () => false,
    () => true,
  );
  return { failed, seen, before, after: system.files.all() };
}

/** The calls that have to be the last when everything is taken back, each with the old files there. */
const lastCalls: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  ifcfg: {
    canonical: ["ifup eth0"],
    "earlier-agents": ["ifup eth0"],
    "network-manager": [
      "nmcli connection reload",
      "nmcli connection up ifname eth1",
      "nmcli connection reload",
      "nmcli connection up uuid 8b9f1b2c-3d4e-3f60-8a71-92a3b4c5d6e7",
    ],
  },
  wicked: { "earlier-agents": ["wicked ifreload eth1", "wicked ifreload eth0"] },
};

for (const [backend, cases] of Object.entries(lastCalls)) {
  for (const [name, calls] of Object.entries(cases)) {
    test(`${backend} gives ${name} its old network back, whichever program fails`, async () => {
      const golden = readGoldenCases(backend).find((each) => each.name === name);
      assert.ok(golden);
      const whole = await failAt(golden, Infinity);
      assert.equal(whole.failed, false);
      for (const failing of whole.seen.keys()) {
        const { failed, seen, before, after } = await failAt(golden, failing);
        assert.ok(failed);
        assert.deepEqual(configurationOf(after), configurationOf(before));
        const undone = seen.slice(failing + 1);
        // The first ifdown that fails has changed nothing.
        const expected = failing === 0 && backend === "ifcfg" && calls.length === 1 ? [] : calls;
        const last = undone.slice(undone.length - expected.length);
        assert.deepEqual(
          last.map(({ call }) => call),
          expected,
        );
        for (const { call, files } of last) {
          assert.deepEqual(interfaceFiles(files), interfaceFiles(before), call);
        }
      }
    });
  }
}

function configurationOf(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(files).filter(([path]) => path.startsWith("/etc/")));
}

/** Not the host name's, which is the first to change and the last to come back. */
function interfaceFiles(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(files).filter(([path]) => /^\/etc\/sysconfig\/.*\//.test(path)));
}
