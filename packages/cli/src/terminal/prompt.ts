import type { CancelSignal } from "@nova-agent/host";
import { CliError, interruptedError } from "../errors.ts";
import { LineEditor } from "./line-editor.ts";
import { readUntil } from "./read-until.ts";
import type { Terminal } from "./terminal.ts";

const prompts = ["New password: ", "The same again: "] as const;

/** Asks for a password twice, without showing it. Throws BAD_ARGUMENT when the two differ. */
export async function promptNewPassword(options: {
  readonly terminal: Terminal;
  readonly signal: CancelSignal;
}): Promise<Uint8Array> {
  const [first, second] = await promptHidden(options);
  const isSame = first.length === second.length && first.every((byte, index) => byte === second[index]);
  second.fill(0);
  if (isSame) return first;
  first.fill(0);
  throw new CliError("BAD_ARGUMENT", "The two passwords differ; nothing was sent");
}

async function promptHidden({
  terminal,
  signal,
}: {
  readonly terminal: Terminal;
  readonly signal: CancelSignal;
}): Promise<readonly [Uint8Array, Uint8Array]> {
  const { input } = terminal;
  const answers = new HiddenAnswers(terminal);
  // Raw first: what is typed ahead of the prompt must not be shown either.
  input.setRaw(true);
  try {
    answers.begin();
    const isAnswered = await readUntil(input, { signal, take: (bytes) => answers.take(bytes) });
    if (!isAnswered) throw interruptedError();
    return answers.both();
  } catch (error) {
    answers.abandon();
    throw error;
  } finally {
    input.setRaw(false);
  }
}

/** The answers to both prompts, as they are typed. */
class HiddenAnswers {
  readonly #terminal: Terminal;
  readonly #editor = new LineEditor();
  readonly #lines: Uint8Array[] = [];

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  begin(): void {
    this.#terminal.writeError(prompts[0]);
  }

  /** Whether both are there. Throws INTERRUPTED when a key says so. */
  take(bytes: Uint8Array): boolean {
    for (const byte of bytes) {
      const state = this.#editor.press(byte);
      if (state === "interrupted") throw interruptedError();
      if (state === "typing") continue;
      this.#lines.push(this.#editor.take());
      this.#terminal.writeError("\n");
      if (this.#lines.length === prompts.length) return true;
      this.#terminal.writeError(prompts[1]);
    }
    return false;
  }

  both(): readonly [Uint8Array, Uint8Array] {
    const [first = new Uint8Array(), second = new Uint8Array()] = this.#lines;
    return [first, second];
  }

  /** Forgets what was typed, and leaves the line of the prompt. */
  abandon(): void {
    this.#editor.take().fill(0);
    for (const line of this.#lines) line.fill(0);
    this.#terminal.writeError("\n");
  }
}
