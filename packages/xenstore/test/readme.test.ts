import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { Store } from "@nova-agent/xenstore";
import { listenXenstore, nodeClock } from "@nova-agent/xenstore/node";

const packageRoot = new URL("../../", import.meta.url);

/** Runs a README's example by its number and gives what it prints. */
async function runExample(number: number, environment: Record<string, string> = {}): Promise<string> {
  const readme = await readFile(new URL("README.md", packageRoot), "utf8");
  const program = [...readme.matchAll(/```js\n(.*?)```/gs)][number]?.[1];
  assert.ok(program !== undefined, "there is such an example");
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: packageRoot,
    timeout: 20_000,
    env: { ...process.env, ...environment },
  });
  return stdout;
}

test("README: the client's example runs", async () => {
  const directory = await mkdtemp(join(tmpdir(), "xenstore-readme-"));
  const listener = await listenXenstore({ store: new Store(), clock: nodeClock, directory });
  try {
    const printed = await runExample(0, { XENSTORED_PATH: listener.socketPath });
    assert.equal(printed, `Connected to socket ${listener.socketPath}\nhello\n[ 'greeting' ]\nCount is 1\n`);
  } finally {
    await listener.close();
    await rm(directory, { recursive: true, force: true });
  }
});

test("README: the embedded store's example runs", async () => {
  assert.equal(await runExample(1), "from domain 5\n");
});
