import type { CancelSignal } from "@nova-agent/host";
import { CliError } from "../errors.ts";
import { INPUT_MAX_BYTES } from "../limits.ts";
import type { OpenFile, ProgramHost } from "../program-host.ts";
import { readUntil } from "./read-until.ts";
import type { ByteSource, Input } from "./terminal.ts";

/** Everything on standard input. Throws BAD_ARGUMENT over 64 KiB and INTERRUPTED at a signal. */
export async function readStdin(input: Input, signal: CancelSignal): Promise<Uint8Array> {
  return readAll(input, { name: "Standard input", signal });
}

/** Where a file is opened, and what interrupts the wait for what is in it. */
export interface FileReading {
  readonly host: Pick<ProgramHost, "openFile">;
  readonly signal: CancelSignal;
}

/**
 * The content of a file, also of a FIFO. Throws BAD_ARGUMENT when it cannot be read or is over 64 KiB,
 * and INTERRUPTED at a signal.
 */
export async function readInputFile(path: string, { host, signal }: FileReading): Promise<Uint8Array> {
  let file: OpenFile | undefined;
  try {
    file = host.openFile(path);
    return await readAll(file, { name: path, signal });
  } catch (error) {
    if (error instanceof CliError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError("BAD_ARGUMENT", `Cannot read "${path}": ${reason}`, { cause: error });
  } finally {
    file?.close();
  }
}

async function readAll(
  source: ByteSource,
  { name, signal }: { readonly name: string; readonly signal: CancelSignal },
): Promise<Uint8Array> {
  const all = new Uint8Array(INPUT_MAX_BYTES);
  let length = 0;
  const take = (bytes: Uint8Array): boolean => {
    if (length + bytes.length > INPUT_MAX_BYTES) {
      throw new CliError("BAD_ARGUMENT", `${name} holds more than ${INPUT_MAX_BYTES} bytes`);
    }
    all.set(bytes, length);
    length += bytes.length;
    return false;
  };
  await readUntil(source, { signal, take });
  return all.subarray(0, length);
}
