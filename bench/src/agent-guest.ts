import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  makeTemporaryDirectory,
  removeDirectory,
  type RunningProcess,
  startProcess,
  startRealXenstored,
  waitFor,
} from "@nova-agent/testbed";
import { XenstoreClient } from "@nova-agent/xenstore";
import { connectUnix, nodeClock } from "@nova-agent/xenstore/node";

/** The guest that is measured. */
export const DOMID = 7;

const SERVER_PROGRAM = fileURLToPath(new URL("./embedded-xenstore.js", import.meta.url));
/** The agent on Node. */
export const AGENT_PROGRAM = join(
  fileURLToPath(import.meta.resolve("@nova-agent/guest-agent/node")),
  "../main.js",
);

/** `embedded` is this repository's server, `c` Debian's xenstored; both are processes of their own. */
export type ServerKind = "embedded" | "c";

/** A XenStore, a guest in it, and a file tree for the guest. */
export interface BenchGuest {
  readonly host: XenstoreClient;
  readonly root: string;
  /** Where the guest reaches XenStore. */
  readonly guestSocket: string;
  /** Starts the agent's process and resolves when it says that it is ready, with the milliseconds it took. */
  startAgent(): Promise<{ readonly agent: RunningProcess; readonly readyMs: number }>;
  close(): Promise<void>;
}

interface Server {
  readonly socketPath: string;
  readonly guestSocket: string;
  close(): Promise<void>;
}

/** Starts a server of this kind with one guest. */
export async function startBenchGuest(kind: ServerKind): Promise<BenchGuest> {
  const server = kind === "c" ? await startC() : await startEmbedded();
  const root = await makeTemporaryDirectory();
  fillRoot(root);
  const host = await XenstoreClient.open({ connect: connectUnix(server.socketPath), clock: nodeClock });
  await prepareNodes(host);
  if (kind === "embedded") await host.introduce({ domid: DOMID, gfn: 1, port: 1 });
  return {
    host,
    root,
    guestSocket: server.guestSocket,
    startAgent: () => startAgent(server.guestSocket, root),
    close: async () => {
      await host.close();
      await server.close();
      await removeDirectory(root);
    },
  };
}

async function startC(): Promise<Server> {
  const server = await startRealXenstored({ kind: "c", domains: [DOMID] });
  const guestSocket = server.domainSocketPath(DOMID);
  return { socketPath: server.socketPath, guestSocket, close: () => server.close() };
}

async function startEmbedded(): Promise<Server> {
  const directory = await makeTemporaryDirectory();
  const server = startProcess({ argv: [process.execPath, SERVER_PROGRAM, directory] });
  await waitFor(() => server.stdout().includes("ready"), { what: "embedded XenStore" });
  return {
    socketPath: join(directory, "socket"),
    guestSocket: join(directory, `dom${DOMID}.sock`),
    close: async () => {
      await server.stop();
      await removeDirectory(directory);
    },
  };
}

/** What chpasswd(8) needs of a root. */
function fillRoot(root: string): void {
  mkdirSync(join(root, "etc"));
  writeFileSync(join(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
  writeFileSync(join(root, "etc/shadow"), "root:*:19000:0:99999:7:::\n", { mode: 0o640 });
}

/** The guest's nodes as a toolstack makes them: `data` is the guest's own. */
async function prepareNodes(host: XenstoreClient): Promise<void> {
  const base = `/local/domain/${DOMID}`;
  await host.makeDirectory(`${base}/data`);
  await host.setPermissions(base, [
    { domid: 0, read: false, write: false },
    { domid: DOMID, read: true, write: false },
  ]);
  await host.setPermissions(`${base}/data`, [{ domid: DOMID, read: false, write: false }]);
}

async function startAgent(
  guestSocket: string,
  root: string,
): Promise<{ readonly agent: RunningProcess; readonly readyMs: number }> {
  const startedAtMs = performance.now();
  const agent = startProcess({
    argv: [process.execPath, AGENT_PROGRAM, "--root", root],
    environment: { XENSTORED_PATH: guestSocket, NOTIFY_SOCKET: undefined },
  });
  await waitFor(() => agent.stderr().includes('"message":"Ready"'), { what: "agent" });
  return { agent, readyMs: performance.now() - startedAtMs };
}
