import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { HostError } from "../../errors.ts";
import { BACKUP_LINE_MAX_CHARACTERS, BACKUP_ROWS_AT_ONCE } from "./limits.ts";
import { SCHEMA_VERSION } from "./migrations/index.ts";
import type { Database } from "./open-database.ts";
import { isKept, type RowsHeader, type TableRow } from "./table-rows.ts";

/*
 * A backup is JSON, one value a line: first `{"format": "nova-agent backup 1", "schema": …, "createdAt": …,
 * "counts": {table: rows}}`, then a `[table, row]` for every row, last `{"sha256": …}` of all the bytes before.
 */

const FORMAT = "nova-agent backup 1";

/** What was written or restored. */
export interface BackupSummary {
  /** Rows by table. */
  readonly counts: Readonly<Record<string, number>>;
}

/**
 * Writes all that the database holds as of one moment into the file, for its owner alone (mode 0600): the
 * whole of it or nothing, in place of a file that is there. Passwords, secrets and tokens of users are in it
 * as hashes at most, and nothing that is sealed. Throws BACKUP_UNUSABLE when the file cannot be written.
 */
export async function writeBackup(
  { rows }: Pick<Database, "rows">,
  { path, now }: { readonly path: string; readonly now: () => Date },
): Promise<BackupSummary> {
  const draft = `${path}.${process.pid}.part`;
  // What a process of the same id left when it was killed.
  await rm(draft, { force: true });
  const file = await onFile(path, () => open(draft, "wx", 0o600));
  try {
    const writer = new LineWriter(file, path);
    let counts: BackupSummary["counts"] = {};
    await rows.readAll({
      begin: async (header) => {
        counts = header.counts;
        await writer.write([{ format: FORMAT, createdAt: now().toISOString(), ...header }]);
      },
      add: (batch) => writer.write(batch.map(({ table, row }) => [table, row])),
    });
    await writer.end();
    await onFile(path, async () => {
      await file.sync();
      await rename(draft, path);
      await syncDirectory(dirname(path));
    });
    return { counts };
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/**
 * Puts the backup in the file into an empty database: the whole of it or nothing. Throws BACKUP_UNUSABLE when
 * the file is no backup, is one of another version of the tables, was cut or changed, and DATABASE_NOT_EMPTY.
 */
export async function restoreBackup(
  { rows }: Pick<Database, "rows">,
  { path }: { readonly path: string },
): Promise<BackupSummary> {
  const file = await onFile(path, () => open(path, "r"));
  try {
    const reader = new BackupReader(file, path);
    const { counts } = await reader.readHeader();
    await rows.fill(reader.readRows());
    return { counts };
  } finally {
    await file.close();
  }
}

class LineWriter {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #hash = createHash("sha256");

  constructor(file: FileHandle, path: string) {
    this.#file = file;
    this.#path = path;
  }

  async write(values: readonly unknown[]): Promise<void> {
    const text = values.map((value) => `${JSON.stringify(value)}\n`).join("");
    this.#hash.update(text);
    await onFile(this.#path, () => this.#file.appendFile(text));
  }

  async end(): Promise<void> {
    const text = `${JSON.stringify({ sha256: this.#hash.digest("hex") })}\n`;
    await onFile(this.#path, () => this.#file.appendFile(text));
  }
}

/** Reads a backup from its first line to its last, and checks it on the way. */
class BackupReader {
  readonly #path: string;
  readonly #lines: AsyncIterator<string>;
  readonly #hash: Hash = createHash("sha256");
  readonly #missing = new Map<string, number>();

  constructor(file: FileHandle, path: string) {
    this.#path = path;
    this.#lines = readLines(file, path)[Symbol.asyncIterator]();
  }

  async readHeader(): Promise<RowsHeader> {
    const line = await this.#next();
    const header = line === undefined ? undefined : parseHeader(line);
    if (line === undefined || header === undefined) throw unusable(this.#path, "it is no backup");
    if (header.schema !== SCHEMA_VERSION) {
      const reason = `its tables are of version "${header.schema}", those here of "${SCHEMA_VERSION}"`;
      throw unusable(this.#path, `${reason}; restore it with the version that wrote it, then upgrade`);
    }
    for (const [table, count] of Object.entries(header.counts)) this.#missing.set(table, count);
    this.#hash.update(`${line}\n`);
    return header;
  }

  /** Every row; throws behind the last one unless all is as it was written. */
  async *readRows(): AsyncGenerator<readonly TableRow[]> {
    let batch: TableRow[] = [];
    for (let line = await this.#next(); line !== undefined; line = await this.#next()) {
      const row = parseRow(line);
      if (row === undefined) {
        await this.#checkEnd(line);
        if (batch.length > 0) yield batch;
        return;
      }
      this.#hash.update(`${line}\n`);
      this.#missing.set(row.table, (this.#missing.get(row.table) ?? 0) - 1);
      batch.push(row);
      if (batch.length < BACKUP_ROWS_AT_ONCE) continue;
      yield batch;
      batch = [];
    }
    throw unusable(this.#path, "it was cut: its end is missing");
  }

  async #checkEnd(line: string): Promise<void> {
    const value = parseJson(line);
    const sum = isRecord(value) ? value["sha256"] : undefined;
    if (typeof sum !== "string") throw unusable(this.#path, "it was cut or changed: a line in it is no row");
    if (sum !== this.#hash.digest("hex")) throw unusable(this.#path, "it was changed: its checksum is wrong");
    if ((await this.#next()) !== undefined) throw unusable(this.#path, "something follows behind its end");
    const wrong = [...this.#missing].find(([, count]) => count !== 0);
    if (wrong !== undefined) throw unusable(this.#path, `the number of rows in "${wrong[0]}" is wrong`);
  }

  async #next(): Promise<string | undefined> {
    const { done, value } = await this.#lines.next();
    return done === true ? undefined : value;
  }
}

/** The lines of a file; what is behind the last line feed is one, too. */
async function* readLines(file: FileHandle, path: string): AsyncGenerator<string> {
  let rest = "";
  const chunks = file.createReadStream({ autoClose: false, encoding: "utf8" });
  for await (const chunk of chunks) {
    const parts = (rest + String(chunk)).split("\n");
    rest = parts.pop() ?? "";
    if (rest.length > BACKUP_LINE_MAX_CHARACTERS) throw unusable(path, "it is no backup: a line has no end");
    yield* parts;
  }
  if (rest !== "") yield rest;
}

function parseHeader(line: string): RowsHeader | undefined {
  const header = parseJson(line);
  if (!isRecord(header) || header["format"] !== FORMAT) return undefined;
  const { schema, counts } = header;
  if (typeof schema !== "string" || !isRecord(counts)) return undefined;
  const numbers = Object.entries(counts).map(([table, count]) => [table, Number(count)] as const);
  return { schema, counts: Object.fromEntries(numbers) };
}

function parseRow(line: string): TableRow | undefined {
  const value = parseJson(line);
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [table, row]: readonly unknown[] = value;
  return typeof table === "string" && isKept(table) && isRecord(row) ? { table, row } : undefined;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unusable(path: string, reason: string, cause?: unknown): HostError {
  return new HostError("BACKUP_UNUSABLE", `Cannot use "${path}": ${reason}`, { cause });
}

/** A rename is there for good when its directory is. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

async function onFile<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw unusable(path, error instanceof Error ? error.message : String(error), error);
  }
}
