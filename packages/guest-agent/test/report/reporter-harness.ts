import {
  type Connect,
  decodeUtf8,
  MessageType,
  PacketDecoder,
  type Quotas,
  XenstoreClient,
} from "@nova-agent/xenstore";
import { nodeClock } from "@nova-agent/xenstore/node";
import { createManualClock, type ManualClock } from "@nova-agent/xenstore/testing";
import { createLogger } from "../../src/log.ts";
import { Reporter } from "../../src/report/reporter.ts";
import { DOMID, prepareGuest } from "../support/agent-harness.ts";
import { createFakeSystem, type FakeSystem } from "../support/fake-system.ts";
import { createMemoryXenstore, type MemoryXenstore } from "../support/memory-xenstore.ts";

/** Time between two looks of the reporter under test. */
export const INTERVAL_MS = 60_000;

/** The reporter's own process, and when it was started. */
export const SELF = { pid: 100, name: "xe-daemon", startTicks: 5000, namespace: "pid:[4026531836]" };

/** Turns of the event loop without a request after which none is to come. */
const QUIET_TURNS = 10;

const base = `/local/domain/${DOMID}`;

/** A process as procfs tells of it. */
export interface FakeProcess {
  readonly pid: number;
  readonly name: string;
  /** In ticks since the boot. */
  readonly startTicks: number;
  /** Of processes, as the kernel names it; it tells none without one. */
  readonly namespace?: string;
}

/** A guest with one VIF, whose reporter runs by a clock that only the test moves. */
export interface ReporterHarness {
  readonly system: FakeSystem;
  readonly xenstore: MemoryXenstore;
  readonly clock: ManualClock;
  readonly host: XenstoreClient;
  readonly lines: readonly string[];
  /** How often the reporter has said that it is ready. */
  readonly readyCount: () => number;
  /** What the guest has asked to change since it was last asked for, such as `write data/a`, in order. */
  readonly takeChanges: () => readonly string[];
  readonly read: (path: string) => Promise<string | undefined>;
  /** Lets everything run that is ready, after time has moved on. */
  readonly advance: (deltaMs: number) => Promise<void>;
  readonly addProcess: (process: FakeProcess) => void;
  readonly endProcess: (pid: number) => void;
  readonly setMemory: (availableKib: number) => void;
  readonly close: () => Promise<void>;
}

/** What is unusual about a guest. */
export interface ReporterHarnessOptions {
  readonly quotas?: Partial<Quotas>;
  /** Runs before the reporter starts. */
  readonly before?: (harness: Omit<ReporterHarness, "close" | "readyCount">) => Promise<void>;
}

/** Starts the reporter, and ends it however the test ends. */
export async function withReporter(
  { quotas, before }: ReporterHarnessOptions,
  body: (harness: ReporterHarness) => Promise<void>,
): Promise<void> {
  const xenstore = createMemoryXenstore(quotas);
  const clock = createManualClock();
  const fake = createFakeSystem({ clock });
  // The time that is published moves with the clock.
  const system = { ...fake, unixTime: () => Math.floor(clock.nowMs() / 1000) };
  prepareFiles(fake);
  const host = await XenstoreClient.open({ connect: xenstore.connectHost, clock: nodeClock });
  await prepareNodes(host);
  const requests = createRecord(xenstore.connectGuest);
  const client = await XenstoreClient.open({ connect: requests.connect, clock });
  const lines: string[] = [];
  const log = createLogger({ level: "debug", write: (line) => lines.push(line), unixTime: () => 0 });
  const advance = async (deltaMs: number): Promise<void> => {
    clock.advance(deltaMs);
    await requests.settle();
  };
  const parts = { system, xenstore, clock, host, lines, advance, takeChanges: requests.takeChanges };
  const reading = (path: string): Promise<string | undefined> => readOrNothing(host, `${base}/${path}`);
  const prepared = { ...parts, ...processesOf(fake), read: reading };
  await before?.(prepared);
  let readyCount = 0;
  const facts = { version: "3.0.0", offersBalloon: true };
  const ready = (): void => void (readyCount += 1);
  const reporter = Reporter.start({ system, client, log, facts, intervalMs: INTERVAL_MS, ready });
  const close = async (): Promise<void> => {
    await reporter.close();
    await Promise.all([client.close(), host.close()]);
  };
  try {
    await requests.settle();
    await body({ ...prepared, readyCount: () => readyCount, close });
  } finally {
    await close();
  }
}

async function readOrNothing(host: XenstoreClient, path: string): Promise<string | undefined> {
  return (await host.exists(path)) ? host.readText(path) : undefined;
}

async function prepareNodes(host: XenstoreClient): Promise<void> {
  await prepareGuest(host);
  for (const name of ["attr", "control"]) {
    await host.makeDirectory(`${base}/${name}`);
    await host.setPermissions(`${base}/${name}`, [{ domid: DOMID, read: false, write: false }]);
  }
}

function prepareFiles({ files, addresses }: FakeSystem): void {
  const { addProcess, setMemory } = processesOf({ files });
  addProcess(SELF);
  files.addLink("/proc/self", String(SELF.pid));
  setMemory(700);
  files.addFile("/proc/sys/kernel/osrelease", "6.1.0\n");
  files.addFile("/etc/os-release", 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian 12"\n');
  files.addFile("/sys/class/net/eth0/device/nodename", "device/vif/0\n");
  files.addFile("/sys/class/net/eth0/address", "00:16:3e:00:00:00\n");
  addresses.push({ interfaceName: "eth0", address: "192.0.2.10" });
}

function processesOf({
  files,
}: Pick<FakeSystem, "files">): Pick<ReporterHarness, "addProcess" | "endProcess" | "setMemory"> {
  return {
    addProcess: ({ pid, name, startTicks, namespace }) => {
      if (namespace !== undefined) files.addLink(`/proc/${pid}/ns/pid`, namespace);
      files.addFile(`/proc/${pid}/comm`, `${name}\n`);
      files.addFile(`/proc/${pid}/stat`, `${pid} (${name}) S ${"0 ".repeat(18)}${startTicks} 0\n`);
    },
    endProcess: (pid) => {
      for (const name of ["comm", "stat"]) files.remove(`/proc/${pid}/${name}`);
    },
    setMemory: (availableKib) =>
      files.addFile("/proc/meminfo", `MemTotal: 1000 kB\nMemAvailable: ${availableKib} kB\n`),
  };
}

interface RequestRecord extends Pick<ReporterHarness, "takeChanges"> {
  readonly connect: Connect;
  /** Resolves when the guest asks nothing more. */
  readonly settle: () => Promise<void>;
}

const changingTypes: ReadonlyMap<number, string> = new Map([
  [MessageType.write, "write"],
  [MessageType.remove, "rm"],
  [MessageType.makeDirectory, "mkdir"],
]);

/** Reads what goes over a connection, and lets it pass. */
function createRecord(connect: Connect): RequestRecord {
  const changes: string[] = [];
  let count = 0;
  return {
    connect: async () => {
      const transport = await connect();
      const decoder = new PacketDecoder();
      const note = (bytes: Uint8Array): void => {
        decoder.push(bytes, ({ type, payload }) => {
          count += 1;
          const [path = ""] = (decodeUtf8(payload) ?? "").split("\0", 1);
          const verb = changingTypes.get(type);
          if (verb !== undefined) changes.push(`${verb} ${path}`);
        });
      };
      return {
        start: (handlers) => transport.start(handlers),
        send: (bytes) => {
          note(bytes);
          return transport.send(bytes);
        },
        get queuedBytes() {
          return transport.queuedBytes;
        },
        pause: () => transport.pause(),
        resume: () => transport.resume(),
        close: () => transport.close(),
      };
    },
    takeChanges: () => changes.splice(0),
    settle: async () => {
      let before = count;
      for (let turn = 0; turn < QUIET_TURNS; turn += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        if (count !== before) turn = 0;
        before = count;
      }
    },
  };
}
