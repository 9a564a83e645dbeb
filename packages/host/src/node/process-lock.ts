import { link, readFile, rename, rm, writeFile } from "node:fs/promises";

/** The claim of one process to something: a file that names the process. */
export interface ProcessLock {
  /** Gives the claim up; safe to call twice. */
  release(): Promise<void>;
}

/** How a claim is made. */
export interface ProcessLockOptions {
  /** How often a claim that is in the way is looked at. */
  readonly attemptsMax: number;
  /** The error for a claim that another process holds; `holder` names it, such as `process 42`. */
  readonly busy: (holder: string) => Error;
}

/**
 * Claims the file at `path` for this process. A claim of a process that is gone is taken over. Throws what
 * `busy` returns when another one holds it.
 */
export async function acquireLock(path: string, options: ProcessLockOptions): Promise<ProcessLock> {
  const { attemptsMax, busy } = options;
  const own = await describeProcess(process.pid);
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, own, { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      // A link appears whole or not at all, and fails where another file is.
      if (await linked(draft, path)) return claimOf(path);
      await removeStale(path, busy);
    }
  } finally {
    await rm(draft, { force: true });
  }
  throw busy("a process that is just starting");
}

/** A second release must not take away the claim that somebody else has made since. */
function claimOf(path: string): ProcessLock {
  let released: Promise<void> | undefined;
  return { release: () => (released ??= rm(path, { force: true })) };
}

/** Removes the claim of a process that is gone; throws when it is there. */
async function removeStale(path: string, busy: ProcessLockOptions["busy"]): Promise<void> {
  const claim = await readFile(path, "utf8").catch(() => "");
  const pid = Number.parseInt(claim, 10);
  if (pid > 0 && (await describeProcess(pid)) === claim && isRunning(pid)) throw busy(`process ${pid}`);
  const aside = `${path}.stale.${process.pid}`;
  if (!(await renamed(path, aside))) return;
  // Another starter may have been quicker: what was moved aside must be what was looked at.
  const moved = await readFile(aside, "utf8");
  if (moved !== claim) await linked(aside, path);
  await rm(aside, { force: true });
}

/** The process id and, where the system tells it, the start time: ids are used again, both are not. */
async function describeProcess(pid: number): Promise<string> {
  const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The 22nd field (proc_pid_stat(5)); the second may hold blanks and ends with the last parenthesis.
  const startTime = status.slice(status.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  return `${pid} ${startTime}\n`;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  return succeeded(link(from, to), "EEXIST");
}

async function renamed(from: string, to: string): Promise<boolean> {
  return succeeded(rename(from, to), "ENOENT");
}

async function succeeded(work: Promise<void>, expected: string): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (codeOf(error) === expected) return false;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
