import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where something is put right when a test ends: a TestContext, or `{ after }` of node:test. */
export interface Cleanup {
  after(callback: () => Promise<void>): void;
}

/**
 * A new empty folder under the system's folder for temporary files, removed with all it holds when the
 * test or the suite ends. Short enough to hold unix sockets (108 bytes, unix(7)).
 */
export async function temporaryDirectory(cleanup: Cleanup): Promise<string> {
  const path = await makeTemporaryDirectory();
  cleanup.after(() => removeDirectory(path));
  return path;
}

/** The same for what has a `close()` of its own and removes it there. */
export async function makeTemporaryDirectory(): Promise<string> {
  return mkdtemp(join(await realpath(tmpdir()), "nova-"));
}

/** Removes a folder and all it holds; one that is gone already is fine. */
export async function removeDirectory(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}
