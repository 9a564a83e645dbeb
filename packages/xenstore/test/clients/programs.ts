import { type Cleanup, type ProgramOutcome, runProgram, xenTool } from "@nova-agent/testbed";
import { type StoreOnSockets, startStoreOnSockets } from "../contract/own-store.ts";

/** How long one call of a client may take: seconds for the longest, on a machine that does much else. */
const CLIENT_TIMEOUT_MS = 100_000;

/** Runs one of Xen's client programs against a socket. */
export async function runXenProgram(
  socketPath: string,
  argv: readonly [string, ...string[]],
): Promise<ProgramOutcome> {
  const [name, ...rest] = argv;
  const { path, environment } = await xenTool(name);
  return runProgram({
    argv: [path, ...rest],
    environment: { ...environment, XENSTORED_PATH: socketPath },
    timeoutMs: CLIENT_TIMEOUT_MS,
  });
}

/** This package's server with domain 5 as a toolstack leaves it, until the test ends. */
export async function startServer(cleanup: Cleanup): Promise<StoreOnSockets> {
  const server = await startStoreOnSockets([5, 6]);
  cleanup.after(() => server.close());
  const dom0 = (...argv: [string, ...string[]]): Promise<ProgramOutcome> =>
    runXenProgram(server.socketPath, argv);
  await dom0("xenstore-write", "/local/domain/5/name", "guest", "/local/domain/5/data", "");
  await dom0("xenstore-chmod", "/local/domain/5", "n0", "r5");
  await dom0("xenstore-chmod", "/local/domain/5/name", "n0", "r5");
  await dom0("xenstore-chmod", "/local/domain/5/data", "n5");
  return server;
}
