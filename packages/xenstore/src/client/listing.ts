import { XenstoreError } from "../errors.ts";
import { LISTING_MAX_BYTES, LISTING_RESTARTS_MAX } from "../limits.ts";
import { parseDirectoryPart } from "../wire/replies.ts";
import { splitStrings } from "../wire/strings.ts";
import type { Ask } from "./ask.ts";

/**
 * The names of a node's children. A list over 4096 bytes comes in parts (xenstore.txt,
 * "DIRECTORY_PART"), each with the node's generation: when that changes the parts do not fit
 * together and the listing starts again. EAGAIN when it never comes to an end that way.
 */
export async function listChildren(ask: Ask, path: string): Promise<string[]> {
  try {
    return splitStrings(await ask({ type: "directory", path }));
  } catch (error) {
    if (!(error instanceof XenstoreError && error.code === "E2BIG")) throw error;
    return listByParts({ ask, path, tooBig: error });
  }
}

interface Listing {
  readonly ask: Ask;
  readonly path: string;
  /** The answer to DIRECTORY, which stands when the server knows no DIRECTORY_PART. */
  readonly tooBig: XenstoreError;
}

async function listByParts(listing: Listing): Promise<string[]> {
  for (let attempt = 0; attempt <= LISTING_RESTARTS_MAX; attempt += 1) {
    const names = await readParts(listing);
    if (names !== undefined) return names;
  }
  const message = `Cannot list "${listing.path}": it changed during each of ${LISTING_RESTARTS_MAX + 1} attempts`;
  throw new XenstoreError("EAGAIN", message);
}

/** All names, or undefined when the node changed meanwhile. */
async function readParts(listing: Listing): Promise<string[] | undefined> {
  const names: string[] = [];
  let firstGeneration: string | undefined;
  for (let offset = 0; offset <= LISTING_MAX_BYTES;) {
    const part = parseDirectoryPart(await readPart(listing, offset));
    if (part === undefined || (part.names.length === 0 && !part.isLast)) {
      throw new XenstoreError("EPROTO", `Part of the list of "${listing.path}" is malformed`);
    }
    firstGeneration ??= part.generation;
    if (part.generation !== firstGeneration) return undefined;
    for (const name of part.names) {
      names.push(name);
      offset += name.length + 1;
    }
    if (part.isLast) return names;
  }
  throw new XenstoreError("E2BIG", `Cannot list "${listing.path}": over ${LISTING_MAX_BYTES} bytes of names`);
}

async function readPart({ ask, path, tooBig }: Listing, offset: number): Promise<Uint8Array> {
  try {
    return await ask({ type: "directoryPart", path, offset });
  } catch (error) {
    if (error instanceof XenstoreError && error.code === "ENOSYS") throw tooBig;
    throw error;
  }
}
