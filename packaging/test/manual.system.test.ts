import assert from "node:assert/strict";
import { join } from "node:path";
import { buildStatic, muslToolchain, type StaticProgram } from "@nova-agent/quickjs/build";
import { repositoryRoot, runChecked, systemTest } from "@nova-agent/testbed";
import { packageDescriptions } from "../src/contents.ts";
import { packagingDirectory } from "../src/lay-out.ts";
import { packagingSource } from "./support/built-packages.ts";
import { PROGRAM_TIMEOUT_MS, TEST_TIMEOUT_MS } from "./support/limits.ts";

const pages = Object.values(packageDescriptions).flatMap(({ manualPages }) => manualPages);

systemTest("mandoc finds nothing wrong with the manual", { needs: ["mandoc"] }, async () => {
  for (const page of pages) {
    const path = join(packagingDirectory, "man", page);
    const argv = ["mandoc", "-T", "lint", "-W", "warning", path] as const;
    assert.equal(await runChecked({ argv, timeoutMs: PROGRAM_TIMEOUT_MS }), "");
  }
});

/** What a program says to --help. */
async function usageOf(name: StaticProgram): Promise<string> {
  const { path } = await buildStatic(name, muslToolchain);
  return runChecked({ argv: [path, "--help"], timeoutMs: PROGRAM_TIMEOUT_MS });
}

const options = { needs: ["musl-gcc"], timeoutMs: TEST_TIMEOUT_MS } as const;

systemTest("every command of the agent has a page, with its options", options, async () => {
  const usage = await usageOf("nova-agent");
  const commands = new Set([...usage.matchAll(/^ {7}nova-agent ([a-z-]+)/gm)].map(([, name = ""]) => name));
  assert.ok(commands.size > 2);
  const names = [...commands].map((name) => (name.startsWith("xe-") ? name : `nova-agent-${name}`));
  assert.deepEqual(
    names.filter((name) => !pages.includes(`${name}.8`)),
    [],
  );
  const manual = pages.map((page) => packagingSource(`man/${page}`)).join("");
  const flags = [...usage.matchAll(/--([a-z-]+)/g)].map(([, flag = ""]) => flag);
  assert.deepEqual(
    flags.filter((flag) => !manual.includes(`-${flag}`)),
    [],
  );
});

systemTest("every command of guestctl is on its page", options, async () => {
  const usage = await usageOf("guestctl");
  const commands = [...usage.matchAll(/^ {2}([a-z][a-z-]*) {2,}/gm)].map(([, name = ""]) => name);
  assert.ok(commands.length > 2);
  const page = packagingSource("man/guestctl.8");
  assert.deepEqual(
    commands.filter((name) => !page.includes(`.It Cm ${name}`)),
    [],
  );
});

systemTest("every command and option of nova-control is on its page", { needs: [] }, async () => {
  const main = join(repositoryRoot(), "packages/control/bin/nova-control.mjs");
  const argv = [process.execPath, main, "--help"] as const;
  const usage = await runChecked({ argv, timeoutMs: PROGRAM_TIMEOUT_MS });
  const page = packagingSource("man/nova-control.8");
  const commands = [...usage.matchAll(/^ {2}([a-z][a-z-]*) /gm)].map(([, name = ""]) => `.It Cm ${name}`);
  const flags = [...usage.matchAll(/--([a-z]+)/g)].map(([, flag = ""]) => `Fl -${flag}`);
  assert.ok(commands.length > 2 && flags.length > 2);
  assert.deepEqual(
    [...commands, ...flags].filter((words) => !page.includes(words)),
    [],
  );
});

for (const name of ["nova-agent.conf", "nova-control.conf"]) {
  systemTest(`every setting of the sample ${name} is on its page`, { needs: [] }, () => {
    const sample = packagingSource(name);
    const settings = [...sample.matchAll(/^#(?: {3})?(\w+) = /gm)].map(([, key = ""]) => key);
    assert.ok(settings.length > 2);
    const terms = packagingSource(`man/${name}.5`)
      .split("\n")
      .filter((line) => line.startsWith(".It Ic "));
    assert.deepEqual(
      settings.filter((key) => !terms.some((term) => new RegExp(`\\b${key}\\b`).test(term))),
      [],
    );
  });
}
