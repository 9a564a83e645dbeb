import type { ReadStream } from "node:tty";
import { CliError } from "../errors.ts";
import { LineEditor } from "./line-editor.ts";
import type { Terminal } from "./terminal.ts";

export interface PromptOptions {
  readonly terminal: Terminal;
  readonly stdin: ReadStream;
  readonly signal: AbortSignal;
}

/** Asks for a password twice, without showing it. Throws BAD_ARGUMENT when the two differ. */
export async function promptNewPassword(options: PromptOptions): Promise<Uint8Array> {
  const first = await promptHidden("New password: ", options);
  const second = await promptHidden("The same again: ", options);
  const isSame = Buffer.compare(first, second) === 0;
  second.fill(0);
  if (isSame) return first;
  first.fill(0);
  throw new CliError("BAD_ARGUMENT", "The two passwords differ; nothing was sent");
}

async function promptHidden(prompt: string, options: PromptOptions): Promise<Uint8Array> {
  const { terminal, stdin, signal } = options;
  // Raw first: what is typed ahead of the prompt must not be shown either.
  stdin.setRawMode(true);
  terminal.writeError(prompt);
  try {
    return await readLine(stdin, signal);
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    terminal.writeError("\n");
  }
}

async function readLine(stdin: ReadStream, signal: AbortSignal): Promise<Uint8Array> {
  const editor = new LineEditor();
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      stdin.off("data", receive);
      stdin.off("end", giveUp);
      signal.removeEventListener("abort", giveUp);
      settle();
    };
    const giveUp = (): void =>
      end(() => reject(new CliError("INTERRUPTED", "Interrupted before anything was sent")));
    const receive = (chunk: Buffer): void => {
      for (const [index, byte] of chunk.entries()) {
        const state = editor.press(byte);
        if (state === "interrupted") return giveUp();
        if (state === "typing") continue;
        // The rest belongs to the next prompt.
        if (index + 1 < chunk.length) stdin.unshift(chunk.subarray(index + 1));
        return end(() => resolve(editor.take()));
      }
    };
    if (signal.aborted) return giveUp();
    stdin.on("data", receive);
    stdin.on("end", giveUp);
    // A stream that was paused after the first prompt does not flow by itself.
    stdin.resume();
    signal.addEventListener("abort", giveUp, { once: true });
  });
}
