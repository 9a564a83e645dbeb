import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Store, XenstoreClient } from "@nova-agent/xenstore";
import { connectUnix, listenXenstore, nodeClock } from "@nova-agent/xenstore/node";
import { type Cleanup, type RunningProcess, startProcess, temporaryDirectory } from "@nova-agent/testbed";
import { DOMID, hostSide, prepareGuest } from "./agent-harness.ts";

/** Variable with the path of another executable that is to pass the tests of the agent's. */
export const OTHER_PROGRAM_VARIABLE = "NOVA_AGENT_TESTED_PROGRAM";

/** The executable, as it is installed: on Node, or the other one that is to be tested. */
export function agentArgv(): readonly [string, ...string[]] {
  const other = process.env[OTHER_PROGRAM_VARIABLE];
  if (other !== undefined) return [other];
  return [process.execPath, fileURLToPath(new URL("../../src/hosts/node/main.js", import.meta.url))];
}

/** An embedded XenStore with one guest, and its host. */
export interface GuestStore extends ReturnType<typeof hostSide> {
  readonly host: XenstoreClient;
  /** The guest's own socket, which is there while the guest is introduced. */
  readonly guestSocket: string;
}

/** Starts one for a test, at whose end it goes. */
export async function startGuestStore(cleanup: Cleanup): Promise<GuestStore> {
  const directory = await temporaryDirectory(cleanup);
  const server = await listenXenstore({ store: new Store(), clock: nodeClock, directory });
  cleanup.after(() => server.close());
  const host = await XenstoreClient.open({ connect: connectUnix(server.socketPath), clock: nodeClock });
  cleanup.after(() => host.close());
  await prepareGuest(host);
  await host.introduce({ domid: DOMID, gfn: 1, port: 1 });
  return { host, guestSocket: server.domainSocketPath(DOMID), ...hostSide(host) };
}

/** How an agent's process is started. */
export interface AgentProcessOptions {
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Where bash(1) sends its log, such as `/dev/full`, when not to this process. */
  readonly log?: string;
}

/** Starts the executable for a test, at whose end it is stopped. */
export function startAgentProcess(cleanup: Cleanup, options: AgentProcessOptions = {}): RunningProcess {
  const { args = [], environment, log } = options;
  const argv = [...agentArgv(), ...args] as const;
  const running = startProcess({
    argv: log === undefined ? argv : ["bash", "-c", `exec "$@" 2> ${log}`, "bash", ...argv],
    environment: {
      NOTIFY_SOCKET: undefined,
      XENSTORED_PATH: undefined,
      XENSTORED_RUNDIR: undefined,
      // Cannot be made, so that nothing is left on the machine, and the service does without it.
      RUNTIME_DIRECTORY: "/proc/missing",
      ...environment,
    },
  });
  cleanup.after(() => running.stop());
  return running;
}

/** Puts a shell script into `directory/bin`; returns the PATH that has it first. */
export function addProgram(directory: string, { name, script }: { name: string; script: string }): string {
  const folder = join(directory, "bin");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
  return `${folder}:${process.env["PATH"] ?? ""}`;
}
