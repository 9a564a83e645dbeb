import { createReadStream } from "node:fs";
import { addAbortSignal } from "node:stream";
import { CliError } from "../errors.ts";
import { INPUT_MAX_BYTES } from "../limits.ts";

/** Everything on standard input. Throws BAD_ARGUMENT over 64 KiB and INTERRUPTED at a signal. */
export async function readStdin(stdin: NodeJS.ReadStream, signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of addAbortSignal(signal, stdin) as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > INPUT_MAX_BYTES) throw tooLong("Standard input");
    }
  } catch (error) {
    if (signal.aborted)
      throw new CliError("INTERRUPTED", "Interrupted before anything was sent", { cause: error });
    throw error;
  }
  return Buffer.concat(chunks);
}

/** The content of a file. Throws BAD_ARGUMENT when it cannot be read or is over 64 KiB. */
export async function readInputFile(path: string): Promise<Uint8Array> {
  try {
    return await readBounded(path);
  } catch (error) {
    if (error instanceof CliError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError("BAD_ARGUMENT", `Cannot read "${path}": ${reason}`, { cause: error });
  }
}

async function readBounded(path: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const stream = createReadStream(path, { end: INPUT_MAX_BYTES }) as AsyncIterable<Uint8Array>;
  for await (const chunk of stream) {
    chunks.push(chunk);
    bytes += chunk.length;
  }
  if (bytes > INPUT_MAX_BYTES) throw tooLong(path);
  return Buffer.concat(chunks);
}

function tooLong(source: string): CliError {
  return new CliError("BAD_ARGUMENT", `${source} holds more than ${INPUT_MAX_BYTES} bytes`);
}
