import assert from "node:assert/strict";
import { cp, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  type Cleanup,
  isPresent,
  repositoryRoot,
  type RunningProcess,
  startProcess,
  temporaryDirectory,
  waitFor,
} from "@nova-agent/testbed";
import { demoTest } from "./support/demo-test.ts";
import { READY, runDirectory, START_TIMEOUT_MS } from "./support/demo.ts";
import { processesWith } from "./support/machine.ts";

/** Starts a command that brings up a demo in `directory`, and waits until it is ready. */
async function startCommand(
  cleanup: Cleanup,
  { argv, directory }: { readonly argv: readonly [string, ...string[]]; readonly directory: string },
): Promise<RunningProcess> {
  const options = ["--directory", directory, "--guest", "root-tree"];
  const running = startProcess({ argv: [...argv, ...options], directory: repositoryRoot() });
  cleanup.after(() => running.stop());
  await waitFor(() => running.stdout().includes(READY), {
    what: `demo: ${running.stderr()}`,
    timeoutMs: START_TIMEOUT_MS,
  });
  return running;
}

const NPM_START = ["npm", "start", "--"] as const;
const RUN_START = [process.execPath, "tools/run.mjs", "start"] as const;

for (const [signal, argv] of [
  ["SIGTERM", NPM_START],
  ["SIGHUP", NPM_START],
  ["SIGKILL", NPM_START],
  ["SIGTERM", RUN_START],
  ["SIGKILL", RUN_START],
] as const) {
  demoTest(
    `${signal} to ${argv.slice(0, 2).join(" ").split("/").at(-1)} ends the demo and leaves nothing`,
    { needs: [] },
    async (cleanup) => {
      const directory = await runDirectory(cleanup);
      const running = await startCommand(cleanup, { argv, directory });
      running.kill(signal);
      await waitFor(async () => (await processesWith(directory)).length === 0, {
        what: "end of the demo",
      });
      assert.deepEqual(await readdir(dirname(directory)), []);
    },
  );
}

/** A repository of its own with the real tools/run.mjs, and stand-ins for npm, the compiler and the panel's build. */
async function makeRepository(cleanup: Cleanup): Promise<string> {
  const root = await temporaryDirectory(cleanup);
  for (const name of ["tools/run.mjs", "tools/alone.mjs"]) {
    await cp(join(repositoryRoot(), name), join(root, name));
  }
  await writeFile(join(root, "package-lock.json"), "{}\n");
  await mkdir(join(root, "bin"));
  const panelBuild = join(root, "packages/panel/dist/src/server/build");
  await mkdir(panelBuild, { recursive: true });
  await writeFile(join(panelBuild, "main.js"), "");
  return root;
}

/** Makes `npm` a script that does `work`; as npm ci does, it first removes what is there. */
async function writeNpm(root: string, work: string): Promise<void> {
  const lines = ["#!/bin/sh", 'echo "$@" >>npm-calls', "rm -rf node_modules", work];
  await writeFile(join(root, "bin/npm"), lines.join("\n"), { mode: 0o755 });
}

const INSTALL = "mkdir -p node_modules/typescript/bin && echo >node_modules/typescript/bin/tsc";

function startBuild(cleanup: Cleanup, root: string): RunningProcess {
  const running = startProcess({
    argv: [process.execPath, join(root, "tools/run.mjs"), "build"],
    environment: { PATH: `${join(root, "bin")}:${process.env["PATH"]}` },
    directory: root,
  });
  cleanup.after(() => running.stop());
  return running;
}

/** Builds, and returns exit status and errors. */
async function build(cleanup: Cleanup, root: string): Promise<readonly [number, string]> {
  const { status, stderr } = await startBuild(cleanup, root).exited;
  return [status, stderr];
}

/** How often packages were installed. */
async function countInstalls(root: string): Promise<number> {
  return (await readFile(join(root, "npm-calls"), "utf8")).split("\n").length - 1;
}

demoTest(
  "a command installs once, and again when the lock file has changed",
  { needs: [] },
  async (cleanup) => {
    const root = await makeRepository(cleanup);
    await writeNpm(root, INSTALL);
    assert.deepEqual(await build(cleanup, root), [0, ""]);
    assert.deepEqual(await build(cleanup, root), [0, ""]);
    assert.equal(await countInstalls(root), 1);
    await writeFile(join(root, "package-lock.json"), "{ }\n");
    assert.deepEqual(await build(cleanup, root), [0, ""]);
    assert.equal(await countInstalls(root), 2);
  },
);

demoTest("a second command waits until the first has installed", { needs: [] }, async (cleanup) => {
  const root = await makeRepository(cleanup);
  await writeNpm(root, `until [ -e go ]; do sleep 0.05; done; ${INSTALL}`);
  const first = startBuild(cleanup, root);
  await waitFor(() => isPresent(join(root, "npm-calls")), { what: "begin of the installation" });
  const second = startBuild(cleanup, root);
  await waitFor(() => second.stdout().includes("Waiting for another command"), { what: "second command" });
  await writeFile(join(root, "go"), "");
  const outcomes = await Promise.all([first.exited, second.exited]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    [0, 0],
  );
  assert.equal(await countInstalls(root), 1);
});

demoTest("an installation that failed is done again the next time", { needs: [] }, async (cleanup) => {
  const root = await makeRepository(cleanup);
  await writeNpm(root, `${INSTALL}; exit 7`);
  assert.deepEqual(await build(cleanup, root), [1, "npm ci ended with status 7\n"]);
  await writeNpm(root, INSTALL);
  assert.deepEqual(await build(cleanup, root), [0, ""]);
});
