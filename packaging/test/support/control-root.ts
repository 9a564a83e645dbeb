import { appendFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { startProcess, waitFor } from "@nova-agent/testbed";
import { Store } from "@nova-agent/xenstore";
import { listenXenstore, nodeClock } from "@nova-agent/xenstore/node";
import { commandIn, debianRoot, rootEnvironment, runInChecked } from "./debian-root.ts";
import { PROGRAM_TIMEOUT_MS } from "./limits.ts";
import { nodeLibraries } from "./node-package.ts";

const PASSWORD = "correct horse battery";

/** A root of Dom0: systemd, XenStore in its usual place, and an xl(1) that knows no domain. */
export async function controlRoot(context: TestContext): Promise<string> {
  const root = await debianRoot(context, { packages: ["systemd", "systemd-sysv", ...nodeLibraries] });
  const directory = join(root, "run/xenstored");
  await mkdir(directory, { mode: 0o700 });
  const server = await listenXenstore({ store: new Store(), clock: nodeClock, directory });
  context.after(() => server.close());
  await writeFile(join(root, "usr/sbin/xl"), "#!/bin/sh\necho '[]'\n", { mode: 0o755 });
  return root;
}

/** Changes the configuration as an operator does, with ports that are free, and makes the first user. */
export async function setUp(root: string): Promise<void> {
  const settings =
    "listen = 127.0.0.1:0\nmonitoring_listen = 127.0.0.1:0\n\n[flavor small]\nvcpus = 1\nram_mib = 512\n";
  await appendFile(join(root, "etc/nova-control.conf"), settings);
  await runInChecked(root, `echo '${PASSWORD}' | nova-control create-user ada --project web --role member`);
}

/** Where the service that runs in a root is asked from outside. */
export interface RunningService {
  readonly url: string;
  readonly monitoringUrl: string;
}

/** Runs what the unit starts in a root for as long as the function does, then ends it as systemd does. */
export async function withService(
  root: string,
  body: (service: RunningService) => Promise<void>,
): Promise<void> {
  const end = join(root, "end");
  const line = [
    "$(sed -n 's/^ExecStart=//p' /*/systemd/system/nova-control.service /usr/lib/systemd/system/nova-control.service) &",
    "while [ ! -e /end ]; do sleep 0.05; done",
    "kill -TERM $! && wait $!",
  ].join("\n");
  const argv = commandIn(root, { argv: ["/bin/sh", "-c", line], manner: "chroot", isOnNetwork: true });
  const running = startProcess({ argv, environment: rootEnvironment });
  try {
    const told = await waitFor(() => startedLine(running.stderr()), {
      what: "start of the service",
      timeoutMs: PROGRAM_TIMEOUT_MS,
    });
    await body(JSON.parse(told) as RunningService);
    await writeFile(end, "");
    const { status, stderr } = await running.exited;
    if (status !== 0) throw new Error(`The service ended with status ${status}\n${stderr}`);
  } finally {
    await running.stop();
    await rm(end, { force: true });
  }
}

function startedLine(log: string): string | undefined {
  return log.split("\n").find((line) => line.includes('"service started"') && line.endsWith("}"));
}

/** Asks for a token as the first user; resolves to the status of the answer. */
export async function signIn({ url }: RunningService): Promise<number> {
  const domain = { name: "Default" };
  const user = { name: "ada", domain, password: PASSWORD };
  const auth = {
    identity: { methods: ["password"], password: { user } },
    scope: { project: { name: "web", domain } },
  };
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify({ auth });
  return (await fetch(`${url}/identity/v3/auth/tokens`, { method: "POST", headers, body })).status;
}
