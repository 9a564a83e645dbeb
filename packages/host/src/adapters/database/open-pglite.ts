import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { HostError } from "../../errors.ts";
import { type ProcessLock, acquireLock } from "../../node/process-lock.ts";
import type { OpenedConnections, SqlConnections } from "./connections.ts";
import { LOCK_ATTEMPTS_MAX } from "./limits.ts";
import { PgliteConnections } from "./pglite-connections.ts";
import { readImage, writeImage } from "./pglite-image.ts";

/** Where an embedded database is. */
export interface PglitePlace {
  /** In memory when it is undefined. */
  readonly directory: string | undefined;
  /**
   * Where images of empty databases are kept, which whoever may write there could forge. A new database is
   * loaded from one, in a quarter of the time that it takes otherwise.
   */
  readonly images?: string | undefined;
}

/** Opens it. A directory's claim is given up when the database is closed, and by the death of the process. */
export async function openPglite({ directory, images }: PglitePlace): Promise<OpenedConnections> {
  if (directory === undefined) return create({ images });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const lock = await acquireLock(join(directory, "lock"), {
    attemptsMax: LOCK_ATTEMPTS_MAX,
    busy: (holder) => new HostError("DATABASE_BUSY", `${holder} has the database in ${directory} open`),
  });
  try {
    const { connections, onMigrated } = await create({ dataDir: join(directory, "data"), images });
    const close = () => closeAll(connections, lock);
    return { connections: { acquire: () => connections.acquire(), close }, onMigrated };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function create(options: {
  readonly dataDir?: string;
  readonly images: string | undefined;
}): Promise<OpenedConnections> {
  const { images, ...place } = options;
  const isNew = place.dataDir === undefined || !existsSync(join(place.dataDir, "PG_VERSION"));
  const image = isNew && images !== undefined ? await readImage(images) : undefined;
  const pglite = await PGlite.create({ ...place, ...(image === undefined ? {} : { loadDataDir: image }) });
  const onMigrated = async () => {
    if (!isNew || images === undefined || image !== undefined) return;
    // Without it the next one takes longer, no more: it may be a place where nothing can be written.
    await writeImage(images, pglite).catch(() => undefined);
  };
  return { connections: new PgliteConnections(pglite), onMigrated };
}

async function closeAll(connections: SqlConnections, lock: ProcessLock): Promise<void> {
  try {
    await connections.close();
  } finally {
    await lock.release();
  }
}
