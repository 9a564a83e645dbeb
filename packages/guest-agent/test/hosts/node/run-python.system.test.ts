import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { systemTest, temporaryDirectory } from "@nova-agent/testbed";
import { type Ran, executeSteps } from "../../support/execute-in-namespace.ts";
import type { JsonStep } from "../../support/execute-steps.ts";

const KEY = "key-with $(x) & ;#";
const WORDS = ["register", "--activationkey", { secret: KEY }, "--name=\u20ac 'q' \"", ""] as const;
const needs = ["root", "namespaces", "python3"] as const;

// Stands in for subscription-manager, which Debian does not package: it writes down all that it sees.
const program = `#!/usr/bin/python3 -Es
# -*- coding: utf-8 -*-
from __future__ import annotations
import json, os, sys
import beside
def main():
    seen = {
        "argv": sys.argv,
        "name": __name__,
        "file": __file__,
        "beside": beside.WORD,
        "command line": open("/proc/self/cmdline").read(),
        "environment": open("/proc/self/environ").read(),
        "stdin": sys.stdin.read(),
        "flags": [sys.flags.ignore_environment, sys.flags.no_user_site],
    }
    with open(os.path.join(os.path.dirname(__file__), "seen"), "w") as file:
        json.dump(seen, file)
    return ENDING
if __name__ == "__main__":
    sys.exit(main())
`;

interface Tool {
  readonly path: string;
  /** Runs it by the step, as its first line asks for. */
  readonly run: (timeoutMs?: number) => Promise<Ran>;
  /** What it saw; undefined when it did not get as far. */
  readonly seen: () => Readonly<Record<string, unknown>> | undefined;
}

/** A program that returns `ending`, a Python expression, from its main function. */
async function createTool(context: TestContext, ending: string): Promise<Tool> {
  const tree = await temporaryDirectory(context);
  const path = join(tree, "tool");
  writeFileSync(path, program.replace("ENDING", ending));
  chmodSync(path, 0o755);
  writeFileSync(join(tree, "beside.py"), 'WORD = "found"\n');
  const run = (timeoutMs = 25_000): Promise<Ran> => {
    const interpreter = ["/usr/bin/python3", "-Es"] as const;
    const step: JsonStep = {
      step: "runPython",
      interpreter,
      argv: [path, ...WORDS],
      timeoutMs,
      failure: "Failed",
    };
    return executeSteps({ tree, root: "/", steps: [step] });
  };
  const seen = () =>
    existsSync(join(tree, "seen"))
      ? (JSON.parse(readFileSync(join(tree, "seen"), "utf8")) as Record<string, unknown>)
      : undefined;
  return { path, run, seen };
}

systemTest("a Python program gets its words as if they were its arguments", { needs }, async (context) => {
  const { path, run, seen } = await createTool(context, "0");
  assert.equal((await run()).failure, undefined);
  const { "command line": _line, environment: _environment, ...rest } = seen() ?? {};
  assert.deepEqual(rest, {
    argv: [path, "register", "--activationkey", KEY, "--name=\u20ac 'q' \"", ""],
    name: "__main__",
    file: path,
    beside: "found",
    stdin: "",
    flags: [1, 1],
  });
});

systemTest(
  "a secret word is in neither arguments nor environment of a process",
  { needs },
  async (context) => {
    const { run, seen } = await createTool(context, "0");
    await run();
    const { "command line": line, environment } = seen() ?? {};
    assert.ok(typeof line === "string" && line.startsWith("/usr/bin/python3\0-Es\0-c\0import os, sys"));
    assert.ok(!line.includes("key-with"));
    assert.ok(typeof environment === "string" && environment.includes("PATH="));
    assert.ok(!environment.includes("key-with"));
  },
);

const endings = [
  ["a number", "70", "Failed: 70 : "],
  [
    "words on standard output",
    'print("no such key: " + sys.argv[3]) or 1',
    "Failed: 1 : no such key: [redacted]",
  ],
  ["a text", '"the end of " + sys.argv[3]', "Failed: 1 : the end of [redacted]"],
] as const;

for (const [what, ending, failure] of endings) {
  systemTest(`a Python program that ends with ${what} has failed`, { needs }, async (context) => {
    const { run } = await createTool(context, ending);
    assert.equal((await run()).failure, failure);
  });
}

systemTest("an exception of a Python program is told without the secret", { needs }, async (context) => {
  const { run } = await createTool(context, "int(sys.argv[3])");
  const { failure = "" } = await run();
  assert.match(failure, /^Failed: 1 : Traceback/);
  assert.ok(!failure.includes("key-with"));
});

systemTest("a Python program that takes too long is ended with its name", { needs }, async (context) => {
  const { path, run } = await createTool(context, '__import__("time").sleep(600)');
  assert.equal((await run(2000)).failure, `Failed: ${path}: not done after 2 s`);
});
