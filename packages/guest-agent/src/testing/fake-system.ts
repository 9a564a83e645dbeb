import { type Connect, decodeUtf8, encodeUtf8, XenstoreError } from "@nova-agent/xenstore";
import { SystemError } from "../errors.ts";
import type { DiskSpace, InterfaceAddress, ProgramCall, ProgramResult, System } from "../system/system.ts";
import { FakeFiles } from "./fake-files.ts";

/** A program call as it was when it was made; the executor wipes what it has used. */
export interface RecordedCall {
  readonly argv: readonly string[];
  readonly stdin: string;
  readonly timeoutMs: number;
}

/** What a program of the fake answers: text for its output, or an errno that keeps it from running. */
export interface FakeResult {
  readonly status?: number;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly errno?: string;
}

/** What can be set of a fake system. */
export interface FakeSystemOptions {
  readonly connectXenstore?: Connect;
  readonly clock?: System["clock"];
  /** Called for every program; nothing means status 0 and no output. */
  readonly run?: (call: RecordedCall) => FakeResult | undefined;
}

/** A System in memory: files, recorded programs, a time that stands still, counted random bytes. */
export interface FakeSystem extends System {
  readonly files: FakeFiles;
  readonly calls: readonly RecordedCall[];
  readonly lines: readonly string[];
  readonly notices: readonly string[];
  /** What the status file has held, undefined once it was taken away. */
  readonly statuses: readonly (string | undefined)[];
  /** What the kernel has of addresses; whoever watches is told by `changeNetwork`. */
  readonly addresses: InterfaceAddress[];
  /** The room of file systems, by the path they are asked with. */
  readonly disks: Map<string, DiskSpace>;
  changeNetwork(): void;
  /** Does what SIGTERM does. */
  terminate(): void;
}

/** 2026-01-02T03:04:05Z, the fake's time. */
export const FAKE_UNIX_TIME = 1_767_323_045;

/** Creates one with an empty file tree. */
export function createFakeSystem(options: FakeSystemOptions = {}): FakeSystem {
  const calls: RecordedCall[] = [];
  const lines: string[] = [];
  const notices: string[] = [];
  const statuses: (string | undefined)[] = [];
  const handlers: (() => void)[] = [];
  const addresses: InterfaceAddress[] = [];
  const disks = new Map<string, DiskSpace>();
  const watchers = new Set<() => void>();
  let randomBytesGiven = 0;
  return {
    clock: options.clock ?? { nowMs: () => 0, after: () => () => {} },
    unixTime: () => FAKE_UNIX_TIME,
    files: new FakeFiles(),
    run: async (call) => {
      const recorded = record(call);
      calls.push(recorded);
      return toResult(options.run?.(recorded) ?? {}, call);
    },
    watchNetwork: (onChange) => {
      watchers.add(onChange);
      return () => void watchers.delete(onChange);
    },
    networkAddresses: () => [...addresses],
    diskSpace: (path) => {
      const space = disks.get(path);
      if (space === undefined) throw new SystemError("ENOENT", `${path}: no such file or directory`);
      return space;
    },
    connectXenstore: options.connectXenstore ?? (() => Promise.reject(new XenstoreError("ENOENT", "None"))),
    randomBytes: (count) => Uint8Array.from({ length: count }, () => randomBytesGiven++ & 0xff),
    notify: async (state) => {
      notices.push(state);
    },
    statusFile: {
      path: "/run/nova-agent/status.json",
      identify: () => ({ pid: 700, startTicks: 4242 }),
      write: (text) => {
        statuses.push(text);
      },
    },
    onTerminate: (handler) => {
      handlers.push(handler);
    },
    log: (line) => {
      lines.push(line);
    },
    calls,
    lines,
    notices,
    statuses,
    addresses,
    disks,
    changeNetwork: () => {
      for (const tell of watchers) tell();
    },
    terminate: () => {
      for (const handler of handlers) handler();
    },
  };
}

function record({ argv, stdin, timeoutMs }: ProgramCall): RecordedCall {
  return { argv: [...argv], stdin: decodeUtf8(stdin ?? new Uint8Array()) ?? "", timeoutMs };
}

function toResult({ status, stdout, stderr, errno }: FakeResult, call: ProgramCall): ProgramResult {
  if (errno !== undefined) throw new SystemError(errno, `Cannot run "${call.argv[0]}"`);
  return { status: status ?? 0, stdout: encodeUtf8(stdout ?? ""), stderr: encodeUtf8(stderr ?? "") };
}
