import { decodeUtf8, encodeLatin1 } from "@nova-agent/xenstore";
import type { Cli } from "./cli.ts";
import { CliError } from "./errors.ts";
import { GENERATED_PASSWORD_CHARACTERS } from "./limits.ts";
import { promptNewPassword } from "./terminal/prompt.ts";
import { readInputFile, readStdin } from "./terminal/read-input.ts";
import { randomNumber } from "./text/random.ts";

/** Where a new password comes from: a generator, a file, else the terminal or standard input. */
export interface PasswordSource {
  readonly isGenerated: boolean;
  readonly file: string | undefined;
}

// Without I, l, 1, O, o, 0, which look alike when somebody types it off a screen.
const ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";

/** The bytes of the new password, which the caller wipes. */
export async function readPassword({ isGenerated, file }: PasswordSource, cli: Cli): Promise<Uint8Array> {
  const { host, terminal, signal } = cli;
  if (isGenerated) return generatePassword((below) => randomNumber(below, host.crypto));
  if (file !== undefined) return firstLine(await readInputFile(file, cli));
  if (terminal.input.isTty) return promptNewPassword({ terminal, signal });
  return firstLine(await readStdin(terminal.input, signal));
}

/** A new password as JSON carries it. */
export interface TextPassword {
  readonly text: string;
  /** The same when nobody else knows it. */
  readonly generated: string | undefined;
}

/** The new password as text. Throws BAD_ARGUMENT when it is not UTF-8. */
export async function readTextPassword(source: PasswordSource, cli: Cli): Promise<TextPassword> {
  const bytes = await readPassword(source, cli);
  const text = decodeUtf8(bytes);
  bytes.fill(0);
  if (text === undefined) throw new CliError("BAD_ARGUMENT", "The password is not UTF-8 text");
  return { text, generated: source.isGenerated ? text : undefined };
}

/** A password that can be read aloud; `pick` gives a number below its argument that nobody can guess. */
export function generatePassword(pick: (below: number) => number): Uint8Array {
  const characters = Array.from(
    { length: GENERATED_PASSWORD_CHARACTERS },
    () => ALPHABET[pick(ALPHABET.length)],
  );
  return encodeLatin1(characters.join(""));
}

/** A copy of the bytes before the first line break; the input itself is wiped. */
export function firstLine(input: Uint8Array): Uint8Array {
  const end = input.findIndex((byte) => byte === 0x0a || byte === 0x0d);
  // Not slice: that of a Buffer, which Node may give, is no copy.
  const line = Uint8Array.from(input.subarray(0, end === -1 ? input.length : end));
  input.fill(0);
  return line;
}
