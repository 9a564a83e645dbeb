import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { buildStatic, muslToolchain } from "@nova-agent/quickjs/build";
import {
  type ProgramOptions,
  type ProgramOutcome,
  repositoryRoot,
  runProgram,
  startProcess,
  type RunningProcess,
  systemTest,
} from "@nova-agent/testbed";
import { runHere } from "./run-here.ts";

/** How guestctl is run: the rest of the command line, and what differs from an empty input. */
export interface GuestctlOptions {
  readonly args: readonly string[];
  /** The socket of XenStore. */
  readonly socketPath?: string;
  readonly stdin?: string | Uint8Array;
}

/** One of the programs that are guestctl. */
export interface Guestctl {
  /** What runs it, before its arguments. */
  readonly argv: readonly [string, ...string[]];
  /** Runs the real executable to its end. */
  run(options: GuestctlOptions): Promise<ProgramOutcome>;
  /** Starts the real executable, for what a test stops. */
  start(options: GuestctlOptions): RunningProcess;
  /** Runs a command line with no XenStore in reach, in the quickest way: for what ends before it is asked. */
  ask(args: readonly string[]): Promise<ProgramOutcome>;
}

/** Defines a test of one of them. */
export type ProcessTest = (
  name: string,
  body: (context: TestContext, guestctl: Guestctl) => Promise<void>,
) => void;

// The file that npm links as `guestctl`.
const onNode = guestctlWith([process.execPath, join(repositoryRoot(), "packages/cli/bin/guestctl.mjs")]);

/** Defines a unit test of guestctl on Node. */
export const nodeTest: ProcessTest = (name, body) =>
  void test(name, (context) => body(context, { ...onNode, ask: runHere }));

/** Defines a test of guestctl on Node that the machine may be unable to run. */
export const nodeSystemTest: ProcessTest = (name, body) =>
  systemTest(name, { needs: [] }, (context) => body(context, { ...onNode, ask: runHere }));

/** Gives tests of the static executable, which is built for the first of them. */
export function staticTests(): ProcessTest {
  let built: Promise<{ readonly path: string }> | undefined;
  return (name, body) =>
    systemTest(`static executable: ${name}`, { needs: ["musl-gcc"] }, async (context) => {
      built ??= buildStatic("guestctl", muslToolchain);
      const { path } = await built;
      await body(context, guestctlWith([path]));
    });
}

function guestctlWith(argv: Guestctl["argv"]): Guestctl {
  const optionsOf = ({ args, socketPath, stdin }: GuestctlOptions): ProgramOptions => ({
    argv: [...argv, ...args],
    environment: { XENSTORED_PATH: socketPath, XENSTORED_RUNDIR: undefined },
    ...(stdin === undefined ? {} : { stdin }),
  });
  const run = (options: GuestctlOptions): Promise<ProgramOutcome> =>
    runProgram({ ...optionsOf(options), timeoutMs: 30_000 });
  return {
    argv,
    run,
    start: (options) => startProcess(optionsOf(options)),
    ask: (args) => run({ args, socketPath: "/nonexistent/xenstored/socket" }),
  };
}
