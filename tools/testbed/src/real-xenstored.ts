import { rm, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { join } from "node:path";
import { compileC } from "./compile.ts";
import { oxenstoredConfiguration } from "./oxenstored-configuration.ts";
import { PROBE_TIMEOUT_MS } from "./limits.ts";
import { type RunningProcess, runChecked, startProcess } from "./process.ts";
import { repositoryRoot } from "./repository.ts";
import { makeTemporaryDirectory, removeDirectory } from "./temporary-directory.ts";
import { waitFor } from "./wait.ts";
import { xenTool } from "./xen-tools.ts";

/** `c` is Debian's xenstored, `ox` its oxenstored, both of Xen 4.17. */
export type XenstoredKind = "c" | "ox";

export interface RealXenstoredOptions {
  readonly kind: XenstoredKind;
  /** Domains that exist and are introduced from the start. */
  readonly domains: readonly number[];
}

/** A running server of Xen's own, with imaginary domains. */
export interface RealXenstored {
  readonly directory: string;
  readonly pid: number;
  /** dom0's socket. */
  readonly socketPath: string;
  /** The ring of an introduced domain as a socket; it takes one client at a time. */
  domainSocketPath(domid: number): string;
  /** Makes a domain exist, as the hypervisor does, without introducing it; nobody speaks for it. */
  createDomain(domid: number): Promise<void>;
  /** Makes a domain exist, introduces it, and offers its ring as a socket. */
  introduceDomain(domid: number): Promise<void>;
  /** Lets a domain shut down or crash, and raises VIRQ_DOM_EXC. */
  shutDownDomain(domid: number, how: "shutdown" | "crash"): Promise<void>;
  /** Lets a domain disappear, and raises VIRQ_DOM_EXC. */
  destroyDomain(domid: number): Promise<void>;
  /** Ends the server and removes its folder; safe to call twice. */
  close(): Promise<void>;
}

/** Starts a server in a folder of its own. When it does not come up, the error holds what it said. */
export async function startRealXenstored(options: RealXenstoredOptions): Promise<RealXenstored> {
  const directory = await makeTemporaryDirectory();
  const processes: RunningProcess[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(processes.map((running) => running.stop()));
    await removeDirectory(directory);
  };
  try {
    const programs = await compilePrograms();
    const server = await startServer({ kind: options.kind, directory, shim: programs.shim });
    processes.push(server);
    await whileRunning(server, () => isListening(join(directory, "socket")));
    const introduceDomain = async (domid: number): Promise<void> => {
      const socket = join(directory, "socket");
      const bridge = startProcess({ argv: [programs.bridge, directory, String(domid), socket] });
      processes.push(bridge);
      await whileRunning(bridge, () => bridge.stdout().includes("ready"));
    };
    for (const domid of options.domains) await introduceDomain(domid);
    return describeServer({ directory, pid: server.pid, bridge: programs.bridge, introduceDomain, close });
  } catch (error) {
    const said = processes.map((running) => running.stdout() + running.stderr()).join("");
    await close();
    throw new Error(`Cannot start the real xenstored (${options.kind})\n${said}`, { cause: error });
  }
}

function describeServer(parts: {
  readonly directory: string;
  readonly pid: number;
  readonly bridge: string;
  readonly introduceDomain: (domid: number) => Promise<void>;
  readonly close: () => Promise<void>;
}): RealXenstored {
  const { directory, pid, bridge, introduceDomain, close } = parts;
  const file = (domid: number, suffix: string): string => join(directory, `dom${domid}.${suffix}`);
  const raiseVirq = (): Promise<unknown> =>
    runChecked({ argv: [bridge, directory], timeoutMs: PROBE_TIMEOUT_MS });
  return {
    directory,
    pid,
    socketPath: join(directory, "socket"),
    domainSocketPath: (domid) => file(domid, "sock"),
    introduceDomain,
    createDomain: (domid) => writeFile(file(domid, "page"), new Uint8Array(4096)),
    async shutDownDomain(domid, how) {
      await writeFile(file(domid, "state"), how === "crash" ? "SC" : "S");
      await raiseVirq();
    },
    async destroyDomain(domid) {
      await rm(file(domid, "page"));
      await rm(file(domid, "state"), { force: true });
      await raiseVirq();
    },
    close,
  };
}

async function compilePrograms(): Promise<{ readonly shim: string; readonly bridge: string }> {
  const sources = join(repositoryRoot(), "tools/testbed/real-xenstored");
  const shim = { output: "hypervisor-shim.so", flags: ["-fPIC", "-shared", "-ldl"] };
  const bridge = { output: "domain-bridge", flags: ["-Wno-format-truncation"] };
  return {
    shim: await compileC({ source: join(sources, "hypervisor-shim.c"), ...shim }),
    bridge: await compileC({ source: join(sources, "domain-bridge.c"), ...bridge }),
  };
}

async function startServer(options: {
  readonly kind: XenstoredKind;
  readonly directory: string;
  readonly shim: string;
}): Promise<RunningProcess> {
  const { kind, directory, shim } = options;
  const tool = await xenTool(kind === "c" ? "xenstored" : "oxenstored");
  const environment = {
    ...tool.environment,
    XENSTORED_PATH: undefined,
    XENSTORED_RUNDIR: directory,
    SHIM_DIRECTORY: directory,
    SHIM_SOCKET: join(directory, "socket"),
    LD_PRELOAD: shim,
  };
  // Never -D (--no-domain-init) with the C server: the shim gives it a dom0 to initialise.
  if (kind === "c") return startProcess({ argv: [tool.path, "-N"], environment, directory });
  const configuration = join(directory, "oxenstored.conf");
  await writeFile(configuration, oxenstoredConfiguration(directory));
  const argv = [tool.path, "--no-fork", "--no-access-log", "--config-file", configuration] as const;
  return startProcess({ argv, environment, directory });
}

async function whileRunning(running: RunningProcess, probe: () => boolean | Promise<boolean>): Promise<void> {
  await waitFor(
    async () => {
      if (!running.isRunning()) throw new Error(`It ended: ${running.stdout()}${running.stderr()}`);
      return probe();
    },
    { what: "server" },
  );
}

async function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
