import { constants, openSync } from "node:fs";
import { ReadStream, WriteStream } from "node:tty";
import { CONSOLE_KEPT_CHARACTERS, HELLO_TIMEOUT_MS, PROGRAM_TIMEOUT_MS } from "../limits.ts";

/** How a command in the guest ended. */
export interface CommandOutcome {
  readonly status: number;
  /** Both of its outputs, as they came. */
  readonly output: string;
}

interface Command {
  readonly id: string;
  readonly script: string;
  readonly timeoutMs: number;
}

interface Waiting {
  readonly id: string;
  readonly resolve: (outcome: CommandOutcome) => void;
}

/**
 * Root's shell in a guest by way of its console, beside the agent and independent of the network. The
 * guest's init reads a line `<id> <base64 of a script>` and answers `@@<id> <status> <base64 of the
 * output>`; what else the console prints is kept for errors.
 */
export class GuestShell {
  readonly #input: ReadStream;
  readonly #output: WriteStream;
  #text = "";
  #waiting: Waiting | undefined;
  #lastId = 0;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(path: string) {
    const flags = constants.O_RDWR | constants.O_NOCTTY;
    this.#input = new ReadStream(openSync(path, flags));
    this.#output = new WriteStream(openSync(path, flags));
    this.#input.setEncoding("latin1");
    this.#input.on("data", (text: string) => this.#receive(text));
    // The terminal of a domain that ended is an error to read.
    for (const stream of [this.#input, this.#output]) stream.on("error", () => {});
  }

  /** Opens the terminal that Xen's console daemon made for the guest, and waits until the guest obeys. */
  static async open(path: string): Promise<GuestShell> {
    const shell = new GuestShell(path);
    const deadline = performance.now() + PROGRAM_TIMEOUT_MS;
    for (;;) {
      try {
        // Always the same id: a slow guest's answer to an earlier one is as good.
        await shell.#send({ id: "hello", script: "true", timeoutMs: HELLO_TIMEOUT_MS });
        return shell;
      } catch (error) {
        // What is written before the guest listens is lost.
        if (performance.now() <= deadline) continue;
        shell.close();
        throw error;
      }
    }
  }

  /** Output of a script that has to succeed. */
  async run(script: string): Promise<string> {
    const { status, output } = await this.attempt(script);
    if (status === 0) return output;
    throw new Error(`In the guest, status ${status} of: ${script}\n${output}`);
  }

  /** Runs a script, one at a time, and tells how it ended. */
  attempt(script: string): Promise<CommandOutcome> {
    this.#lastId += 1;
    const command = { id: `c${this.#lastId}`, script, timeoutMs: PROGRAM_TIMEOUT_MS };
    const outcome = this.#turn.then(() => this.#send(command));
    this.#turn = outcome.catch(() => undefined);
    return outcome;
  }

  close(): void {
    this.#input.destroy();
    this.#output.destroy();
  }

  #send({ id, script, timeoutMs }: Command): Promise<CommandOutcome> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting = undefined;
        reject(new Error(`The guest did not answer within ${timeoutMs} ms: ${script}\n${this.#text}`));
      }, timeoutMs);
      const done = (outcome: CommandOutcome): void => {
        clearTimeout(timer);
        resolve(outcome);
      };
      this.#waiting = { id, resolve: done };
      this.#output.write(`${id} ${Buffer.from(script).toString("base64")}\n`);
    });
  }

  #receive(text: string): void {
    this.#text = (this.#text + text).slice(-CONSOLE_KEPT_CHARACTERS);
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    const match = new RegExp(`@@${waiting.id} (\\d+) ([\\w+/=]*)[\\r\\n]`).exec(this.#text);
    if (match === null) return;
    this.#text = "";
    this.#waiting = undefined;
    const output = Buffer.from(match[2] ?? "", "base64").toString("utf8");
    waiting.resolve({ status: Number(match[1]), output });
  }
}
