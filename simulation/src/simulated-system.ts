import type { Files, ProgramCall, ProgramResult, System } from "@nova-agent/guest-agent";
import { createFakeSystem, type FakeFiles, type FileOperation } from "@nova-agent/guest-agent/testing";
import type { Connect } from "@nova-agent/xenstore";
import type { SimulatedProcess } from "./simulated-process.ts";
import type { World } from "./world.ts";

/** What a process of a guest stands on. */
export interface SystemOptions {
  readonly process: SimulatedProcess;
  /** Of the guest: it outlives the process. */
  readonly disk: FakeFiles;
  readonly connect: Connect;
}

/** Thrown in a process that was killed: nothing it does from now on has an effect. */
class Killed extends Error {
  override readonly name = "Killed";
}

/** The system of one process of a guest, which may be killed at every file operation and program. */
export function createSimulatedSystem(world: World, { process, disk, connect }: SystemOptions): System {
  const random = world.random.fork();
  const base = createFakeSystem({ connectXenstore: connect, clock: process.clock });
  const gate = (operation: FileOperation, path: string): void => {
    if (process.isAlive && world.faults.strikes("agentCrash", `${process.name}, ${operation} ${path}`)) {
      // What was begun is there in part.
      if (operation === "create" && disk.status(path) === undefined) disk.addFile(path, "ha");
      process.kill();
    }
    if (!process.isAlive) throw new Killed();
  };
  return {
    ...base,
    unixTime: () => Math.floor(world.clock.nowMs() / 1000),
    files: gateFiles(disk, gate),
    randomBytes: (count) => random.bytes(count),
    run: (call) => runProgram(call),
  };
  async function runProgram(_call: ProgramCall): Promise<ProgramResult> {
    const nothing = new Uint8Array();
    return { status: 0, stdout: nothing, stderr: nothing };
  }
}

/** The same files, asking before every operation. */
function gateFiles(disk: FakeFiles, gate: (operation: FileOperation, path: string) => void): Files {
  const asked = <Arguments extends [string, ...unknown[]], Result>(
    operation: FileOperation,
    act: (...args: Arguments) => Result,
  ): ((...args: Arguments) => Result) => {
    return (...args) => {
      gate(operation, args[0]);
      return act(...args);
    };
  };
  return {
    read: asked("read", (path: string, maxBytes: number) => disk.read(path, maxBytes)),
    list: asked("list", (path: string) => disk.list(path)),
    status: asked("status", (path: string) => disk.status(path)),
    readLink: asked("readLink", (path: string) => disk.readLink(path)),
    label: asked("label", (path: string) => disk.label(path)),
    makeDirectory: asked("makeDirectory", (path: string, mode: number) => disk.makeDirectory(path, mode)),
    create: asked("create", (...args: Parameters<Files["create"]>) => disk.create(...args)),
    rename: asked("rename", (from: string, to: string) => disk.rename(from, to)),
    remove: asked("remove", (path: string) => disk.remove(path)),
    makeLink: asked("makeLink", (target: string, path: string) => disk.makeLink(target, path)),
  };
}
