import {
  type Files,
  type ProgramCall,
  type ProgramResult,
  type System,
  SystemError,
} from "@nova-agent/guest-agent";
import { createFakeSystem, type FakeFiles, type FileOperation } from "@nova-agent/guest-agent/testing";
import { type Connect, decodeUtf8, encodeUtf8 } from "@nova-agent/xenstore";
import type { GuestDisk } from "./guest-disk.ts";
import { SLOW_MAX_MS, SLOW_MIN_MS } from "./limits.ts";
import type { PlantedBug } from "./planted-bugs.ts";
import type { Random } from "./random.ts";
import type { Effect } from "./simulated-kernel.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import type { World } from "./world.ts";

/** What a process of a guest stands on. */
export interface SystemOptions {
  readonly process: SimulatedProcess;
  /** Of the guest: it outlives the process. */
  readonly disk: GuestDisk;
  readonly connect: Connect;
}

/** Thrown in a process that was killed: nothing it does from now on has an effect. */
class Killed extends Error {
  override readonly name = "Killed";
}

/** The system of one process of a guest, which may be killed at every file operation and program. */
export function createSimulatedSystem(world: World, options: SystemOptions): System {
  const { process, disk, connect } = options;
  const random = world.random.fork();
  const base = createFakeSystem({ connectXenstore: connect, clock: process.clock });
  return {
    ...base,
    unixTime: () => Math.floor(world.clock.nowMs() / 1000),
    files: gateFiles({ disk, bug: world.bug }, (operation, path) =>
      atFile(world, { ...options, operation, path }),
    ),
    randomBytes: (count) => random.bytes(count),
    run: (call) => runProgram(world, { process, disk, call, random }),
  };
}

/** Everything that may happen before a file operation. */
function atFile(
  world: World,
  {
    process,
    disk,
    operation,
    path,
  }: SystemOptions & { readonly operation: FileOperation; readonly path: string },
): void {
  if (process.isAlive && world.faults.strikes("agentCrash", `${process.name}, ${operation} ${path}`)) {
    // What was begun is there in part.
    if (operation === "create" && disk.files.status(path) === undefined) disk.files.addFile(path, "ha");
    process.kill();
  }
  if (!process.isAlive) throw new Killed();
  if (disk.isFull && (operation === "create" || operation === "makeDirectory")) {
    throw new SystemError("ENOSPC", `${path}: no space left on device`);
  }
}

interface ProgramRun {
  readonly process: SimulatedProcess;
  readonly disk: GuestDisk;
  readonly call: ProgramCall;
  readonly random: Random;
}

/** Programs take time, and may fail, hang, or be the last thing that the agent sees. */
async function runProgram(
  { faults, bug, lines }: World,
  { process, disk, call, random }: ProgramRun,
): Promise<ProgramResult> {
  const where = `${process.name}, ${call.argv[0]}`;
  const argv = [...call.argv];
  const stdin = decodeUtf8(call.stdin ?? new Uint8Array()) ?? "";
  if (bug === "logsPrograms") lines.push(`${argv.join(" ")} < ${stdin}`);
  const isSlow = faults.strikes("slowProgram", where);
  const durationMs = isSlow ? random.between(SLOW_MIN_MS, SLOW_MAX_MS) : random.between(1, 50);
  await wait(process, Math.min(durationMs, call.timeoutMs));
  const isFailing = faults.strikes("programFails", where);
  const hasEffect = !isFailing || random.chance(0.5);
  const effect = hasEffect ? act(disk, { argv, stdin }) : {};
  if (faults.strikes("agentCrash", `${where}, which has ended`)) process.kill();
  if (!process.isAlive) await new Promise(() => undefined);
  if (durationMs > call.timeoutMs) throw new SystemError("ETIMEDOUT", `${where} took too long`);
  const stderr = encodeUtf8(isFailing ? "It does not work" : "");
  return { status: isFailing ? 1 : (effect.status ?? 0), stdout: encodeUtf8(effect.stdout ?? ""), stderr };
}

function act(
  disk: GuestDisk,
  { argv, stdin }: { readonly argv: readonly string[]; readonly stdin: string },
): Effect {
  const [program] = argv;
  if (program === "/usr/bin/python3") return register(disk, stdin.split("\0"));
  if (program !== "chpasswd") return disk.kernel.run(argv);
  const password = /^root:(.*)\n$/.exec(stdin)?.[1];
  if (password !== undefined) disk.setPassword(password);
  return {};
}

function register(disk: GuestDisk, words: readonly string[]): Effect {
  const key = words[words.indexOf("--activationkey") + 1];
  if (key === undefined) return { status: 1 };
  disk.register(key);
  return {};
}

function wait(process: SimulatedProcess, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    process.clock.after(delayMs, resolve);
  });
}

/** The same files, asking before every operation and looking after it. */
function gateFiles(
  { disk, bug }: { readonly disk: GuestDisk; readonly bug: PlantedBug | undefined },
  gate: (operation: FileOperation, path: string) => void,
): Files {
  const files: FakeFiles = disk.files;
  const asked = <Arguments extends [string, ...unknown[]], Result>(
    operation: FileOperation,
    act: (...args: Arguments) => Result,
  ): ((...args: Arguments) => Result) => {
    return (...args) => {
      gate(operation, args[0]);
      const result = act(...args);
      disk.look();
      return result;
    };
  };
  return {
    read: (path, maxBytes) => {
      gate("read", path);
      return files.read(path, maxBytes);
    },
    list: (path) => {
      gate("list", path);
      return files.list(path);
    },
    status: (path) => {
      gate("status", path);
      return files.status(path);
    },
    readLink: (path) => {
      gate("readLink", path);
      return files.readLink(path);
    },
    label: (path) => {
      gate("label", path);
      return files.label(path);
    },
    makeDirectory: asked("makeDirectory", (path: string, mode: number) => files.makeDirectory(path, mode)),
    create: asked("create", (...args: Parameters<Files["create"]>) => files.create(...args)),
    rename: asked("rename", (from: string, to: string) => {
      if (bug === "writesInPlace") {
        files.addFile(to, (files.text(from) ?? "").slice(0, 3));
        disk.look();
      }
      files.rename(from, to);
    }),
    remove: asked("remove", (path: string) => files.remove(path)),
    makeLink: asked("makeLink", (target: string, path: string) => files.makeLink(target, path)),
  };
}
