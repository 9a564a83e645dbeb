import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildStatic, muslToolchain } from "@nova-agent/quickjs/build";
import { type Cleanup, startProcess, systemTest, temporaryDirectory, waitFor } from "@nova-agent/testbed";
import { addProgram, type GuestStore, startGuestStore } from "../../support/agent-process.ts";
import { exchangeKeys } from "../../support/host-exchange.ts";
import { encryptPassword } from "../../support/encrypt-password.ts";

const needs = ["musl-gcc"] as const;

interface Scene {
  readonly store: GuestStore;
  readonly directory: string;
  readonly agent: ReturnType<typeof startProcess>;
}

/** A static agent whose chpasswd notes that it runs, and then does what `script` says. */
async function setScene(cleanup: Cleanup, script: string): Promise<Scene> {
  const store = await startGuestStore(cleanup);
  const directory = await temporaryDirectory(cleanup);
  mkdirSync(join(directory, "etc"));
  writeFileSync(join(directory, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
  const { path } = await buildStatic("nova-agent", muslToolchain);
  const PATH = addProgram(directory, { name: "chpasswd", script: `touch '${directory}/runs'; ${script}` });
  const argv = [path, "--root", directory] as const;
  const agent = startProcess({ argv, environment: { PATH, XENSTORED_PATH: store.guestSocket } });
  cleanup.after(() => agent.stop());
  return { store, directory, agent };
}

/** Sends a password, and waits until the worker has started chpasswd; the number of the worker's process. */
async function beginPassword({ store, directory, agent }: Scene): Promise<string> {
  const shared = await exchangeKeys(store);
  const value = Buffer.from(encryptPassword({ shared, plain: "secret\n" })).toString("base64");
  await store.put("00000000-0000-4000-8000-000000000007", JSON.stringify({ name: "password", value }));
  await waitFor(() => existsSync(join(directory, "runs")), { what: "chpasswd" });
  const worker = readdirSync("/proc").find((pid) => parentOf(pid) === String(agent.pid));
  assert.ok(worker !== undefined, "the service has no child");
  return worker;
}

function parentOf(pid: string): string | undefined {
  try {
    return / \S (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, "latin1"))?.[1];
  } catch {
    return undefined;
  }
}

systemTest("a worker ends with a service that is killed", { needs }, async (context) => {
  const scene = await setScene(context, "exec sleep 20");
  const worker = await beginPassword(scene);
  scene.agent.kill("SIGKILL");
  await waitFor(() => !existsSync(`/proc/${worker}`), { what: "end of the worker" });
});

systemTest("a worker that is killed is a failure of its request alone", { needs }, async (context) => {
  const scene = await setScene(context, "exec sleep 20");
  const worker = await beginPassword(scene);
  process.kill(Number(worker), "SIGKILL");
  const reply = await scene.store.answer("00000000-0000-4000-8000-000000000007");
  assert.deepEqual(reply, {
    returncode: "500",
    message: "The request's worker failed: it ended with status 137 before it was done",
  });
  assert.equal((await scene.store.ask("version")).returncode, "0");
  assert.ok(scene.agent.isRunning());
});
