import { createInterface } from "node:readline";
import type { ReadStream } from "node:tty";
import { Writable } from "node:stream";
import { ControlError } from "../errors.ts";
import { PASSWORD_MAX_BYTES, PASSWORD_MIN_CHARACTERS } from "../limits.ts";

/** Where a password comes from: a terminal, a pipe or a file. */
export type PasswordInput = NodeJS.ReadableStream & Partial<Pick<ReadStream, "isTTY">>;

/**
 * Asks for a new password, twice and unseen, at a terminal; takes the first line of anything else. It is never an
 * argument, because every user of the machine sees those. Throws COMMAND_FAILED for one that cannot be used.
 */
export async function readPassword(input: PasswordInput, prompt: (text: string) => void): Promise<string> {
  const isTerminal = input.isTTY === true;
  const mute = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: mute, terminal: isTerminal });
  lines.once("SIGINT", () => lines.close());
  // What is typed ahead waits here.
  const answers = lines[Symbol.asyncIterator]();
  const ask = async (question: string): Promise<string> => {
    if (isTerminal) prompt(question);
    const { done, value } = await answers.next();
    if (isTerminal) prompt("\n");
    if (done === true) throw failed("There is no password");
    return value;
  };
  try {
    const password = await ask("Password: ");
    if (isTerminal && (await ask("The same again: ")) !== password) throw failed("These are two passwords");
    if (password.length < PASSWORD_MIN_CHARACTERS)
      throw failed(`The password has less than ${PASSWORD_MIN_CHARACTERS} characters`);
    if (Buffer.byteLength(password) > PASSWORD_MAX_BYTES)
      throw failed(`The password has more than ${PASSWORD_MAX_BYTES} bytes`);
    return password;
  } finally {
    lines.close();
  }
}

function failed(message: string): ControlError {
  const wayOut = "Type it when asked, or give it as the first line of standard input";
  return new ControlError("COMMAND_FAILED", message, { wayOut });
}
