import type { CancelSignal } from "@nova-agent/host";
import { CliError } from "../errors.ts";
import { INPUT_MAX_BYTES } from "../limits.ts";
import type { ProgramHost } from "../program-host.ts";
import { readUntil } from "./read-until.ts";
import type { Input } from "./terminal.ts";

/** Everything on standard input. Throws BAD_ARGUMENT over 64 KiB and INTERRUPTED at a signal. */
export async function readStdin(input: Input, signal: CancelSignal): Promise<Uint8Array> {
  const all = new Uint8Array(INPUT_MAX_BYTES);
  let length = 0;
  const take = (bytes: Uint8Array): boolean => {
    if (length + bytes.length > INPUT_MAX_BYTES) throw tooLong("Standard input");
    all.set(bytes, length);
    length += bytes.length;
    return false;
  };
  await readUntil(input, { signal, take });
  return all.subarray(0, length);
}

/** The content of a file. Throws BAD_ARGUMENT when it cannot be read or is over 64 KiB. */
export async function readInputFile(path: string, host: ProgramHost): Promise<Uint8Array> {
  const content = await readBounded(path, host);
  if (content.length > INPUT_MAX_BYTES) throw tooLong(path);
  return content;
}

async function readBounded(path: string, host: ProgramHost): Promise<Uint8Array> {
  try {
    return await host.readFile(path, INPUT_MAX_BYTES + 1);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError("BAD_ARGUMENT", `Cannot read "${path}": ${reason}`, { cause: error });
  }
}

function tooLong(source: string): CliError {
  return new CliError("BAD_ARGUMENT", `${source} holds more than ${INPUT_MAX_BYTES} bytes`);
}
