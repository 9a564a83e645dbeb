import * as os from "native:os";
import { check, errorOf, NativeError, wouldWait } from "./errno.ts";
import type { EventLoop } from "./event-loop.ts";
import { PIPE_READ_BYTES } from "./limits.ts";
import { onSignals, Signal } from "./signals.ts";

const STDERR = 2;

/** One program to run, and where its output goes. */
export interface ProgramStart {
  /** The program's name, looked for in `path`, or its path; then its arguments. */
  readonly argv: readonly [string, ...string[]];
  /** The file to be run, when that is not what `argv` begins with. */
  readonly file?: string;
  /** All that the program gets of an environment, as `NAME=value`. */
  readonly environment: readonly string[];
  /** Directories where programs are, with colons between them. */
  readonly path: string;
  /** Written to standard input, which is then closed. */
  readonly stdin: Uint8Array;
  /** Takes what comes; the bytes are the caller's for the time of the call. */
  readonly onStdout: (bytes: Uint8Array) => void;
  /** The same of standard error, which is this process's own without it. */
  readonly onStderr?: (bytes: Uint8Array) => void;
}

/** A program that was started, in a session of its own. */
export interface RunningProgram {
  /** Resolves when the program has ended: exit status, or 128 plus the signal's number. */
  readonly ended: Promise<number>;
  /** Resolves when both outputs are closed, which what the program left behind may put off. */
  readonly drained: Promise<void>;
  /** Sends the program alone a signal; does nothing when it has ended. */
  signal(number: number): void;
  /** Ends the program and its children with SIGKILL. */
  killAll(): void;
  /** Closes the pipes; output that comes later is lost. Safe to call twice. */
  release(): void;
}

/** Starts programs and hears of their end. */
export class Programs {
  readonly #loop: EventLoop;
  /** Called with the status of their end. */
  readonly #running = new Map<number, (status: number) => void>();
  #isListening = false;

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  /** Starts a program; throws a NativeError, ENOENT when there is none of that name. */
  start(program: ProgramStart): RunningProgram {
    this.#listen();
    const pipes = new Pipes(this.#loop, program);
    let pid: number;
    try {
      pid = launch(program, pipes.theirs);
    } catch (error) {
      pipes.release();
      throw error;
    } finally {
      pipes.closeTheirs();
    }
    // Its end is told by a signal, which by itself holds nothing up.
    const release = this.#loop.hold();
    const ended = new Promise<number>((resolve) => {
      this.#running.set(pid, (status) => {
        release();
        resolve(status);
      });
    });
    pipes.begin();
    return {
      ended,
      drained: pipes.drained,
      signal: (number) => {
        // While it is in here its number is its own.
        if (this.#running.has(pid)) os.kill(pid, number);
      },
      killAll: () => {
        if (this.#running.has(pid)) os.kill(-pid, Signal.SIGKILL);
      },
      release: () => pipes.release(),
    };
  }

  #listen(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    onSignals(this.#loop, [Signal.SIGCHLD], () => this.#reap());
  }

  #reap(): void {
    for (const [pid, tell] of this.#running) {
      const status = os.wait(pid);
      if (wouldWait(status)) continue;
      this.#running.delete(pid);
      tell(status);
    }
  }
}

/** The pipes of one program: its standard input, output and error. */
class Pipes {
  /** The descriptors that the program gets. */
  readonly theirs: readonly [number, number, number];
  readonly drained: Promise<void>;
  readonly #loop: EventLoop;
  readonly #program: ProgramStart;
  readonly #stdin: number;
  readonly #outputs = new Map<number, (bytes: Uint8Array) => void>();
  /** Ours that are still open. */
  readonly #open = new Set<number>();
  /** Theirs, until they have them. */
  readonly #lent = new Set<number>();
  #tellDrained: () => void = () => {};

  constructor(loop: EventLoop, program: ProgramStart) {
    this.#loop = loop;
    this.#program = program;
    this.drained = new Promise((resolve) => {
      this.#tellDrained = resolve;
    });
    try {
      const stdin = this.#openInput();
      this.#stdin = stdin.ours;
      const stdout = this.#openOutput(program.onStdout);
      const { onStderr } = program;
      this.theirs = [stdin.theirs, stdout, onStderr === undefined ? STDERR : this.#openOutput(onStderr)];
    } catch (error) {
      this.release();
      this.closeTheirs();
      throw error;
    }
  }

  closeTheirs(): void {
    for (const fd of this.#lent) os.close(fd);
    this.#lent.clear();
  }

  begin(): void {
    this.#feed();
    for (const [fd, take] of this.#outputs) this.#collect(fd, take);
  }

  release(): void {
    for (const fd of this.#open) this.#close(fd);
  }

  #openInput(): { readonly theirs: number; readonly ours: number } {
    const [theirs, ours] = this.#openPipe();
    this.#keep({ theirs, ours });
    return { theirs, ours };
  }

  #openOutput(take: (bytes: Uint8Array) => void): number {
    const [ours, theirs] = this.#openPipe();
    this.#keep({ theirs, ours });
    this.#outputs.set(ours, take);
    return theirs;
  }

  #openPipe(): readonly [number, number] {
    return check(os.pipe());
  }

  #keep({ theirs, ours }: { readonly theirs: number; readonly ours: number }): void {
    this.#lent.add(theirs);
    this.#open.add(ours);
    check(os.setNonblocking(ours));
  }

  // A program that does not read its input is not a failure.
  #feed(): void {
    const { stdin } = this.#program;
    let at = 0;
    const writable = (): void => {
      const count = at < stdin.length ? os.write(this.#stdin, stdin, at) : 0;
      if (wouldWait(count)) return;
      at += Math.max(0, count);
      if (count < 0 || at === stdin.length) this.#close(this.#stdin);
    };
    if (stdin.length === 0) this.#close(this.#stdin);
    else this.#loop.watch(this.#stdin, { writable });
  }

  #collect(fd: number, take: (bytes: Uint8Array) => void): void {
    const buffer = new Uint8Array(PIPE_READ_BYTES);
    const readable = (): void => {
      const count = os.read(fd, buffer, 0);
      if (wouldWait(count)) return;
      if (count > 0) take(buffer.subarray(0, count));
      else this.#close(fd);
    };
    this.#loop.watch(fd, { readable });
  }

  #close(fd: number): void {
    if (!this.#open.delete(fd)) return;
    this.#loop.unwatch(fd);
    os.close(fd);
    if (![...this.#outputs.keys()].some((output) => this.#open.has(output))) this.#tellDrained();
  }
}

/** As execvp(3) looks: a name without a slash in each directory, a program that may not be run last. */
function launch(program: ProgramStart, fds: readonly [number, number, number]): number {
  const { argv, environment, path, file: name = argv[0] } = program;
  // It would end there.
  if (argv.some((argument) => argument.includes("\0"))) throw new NativeError("EINVAL");
  const candidates = name.includes("/") ? [name] : path.split(":").map((folder) => `${folder}/${name}`);
  let failure = new NativeError("ENOENT");
  for (const candidate of candidates) {
    const pid = os.spawn(candidate, argv, environment, ...fds);
    if (pid >= 0) return pid;
    const error = errorOf(pid);
    if (error.code === "EACCES") failure = error;
    else if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
  }
  throw failure;
}
