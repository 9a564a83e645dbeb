import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  makeTemporaryDirectory,
  removeDirectory,
  startProcess,
  startRealXenstored,
  waitFor,
} from "@nova-agent/testbed";

/** `ours` is this repository's server, `c` and `ox` are Debian's. */
export type BenchServerKind = "ours" | "c" | "ox";

/** A server that is measured: a process of its own, with an empty store. */
export interface BenchServer {
  readonly kind: BenchServerKind;
  readonly pid: number;
  readonly socketPath: string;
  close(): Promise<void>;
}

/** Starts a server of this kind. */
export async function startBenchServer(kind: BenchServerKind): Promise<BenchServer> {
  if (kind === "ours") return startOurs();
  const server = await startRealXenstored({ kind, domains: [] });
  return { kind, pid: server.pid, socketPath: server.socketPath, close: () => server.close() };
}

/** The most memory that a process ever held, in MiB (proc(5), VmHWM). */
export async function peakMemoryMib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

async function startOurs(): Promise<BenchServer> {
  const directory = await makeTemporaryDirectory();
  const program = fileURLToPath(new URL("./embedded-xenstore.js", import.meta.url));
  const server = startProcess({ argv: [process.execPath, program, directory] });
  const close = async (): Promise<void> => {
    await server.stop();
    await removeDirectory(directory);
  };
  try {
    await waitFor(() => server.stdout().includes("ready"), { what: "embedded XenStore" });
  } catch (error) {
    await close();
    throw new Error(`Cannot start the embedded XenStore\n${server.stderr()}`, { cause: error });
  }
  return { kind: "ours", pid: server.pid, socketPath: join(directory, "socket"), close };
}
