import assert from "node:assert/strict";
import { readdir, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { PGlite } from "@electric-sql/pglite";
import { temporaryDirectory } from "@nova-agent/testbed";
import { type Database, openDatabase } from "../../../src/adapters/database/index.ts";
import { imageName, readImage, writeImage } from "../../../src/adapters/database/pglite-image.ts";
import { instance } from "./behaviour.ts";

test("new databases are loaded from the image that the first one left", async (context) => {
  const directory = await temporaryDirectory(context);
  const images = join(directory, "images");
  const first = await opened(context, { directory: join(directory, "first"), images });
  const [name = "", ...others] = await readdir(images);
  assert.deepEqual(others, []);
  const path = join(images, name);

  await context.test("it is its user's alone", async () => {
    assert.equal((await stat(path)).mode & 0o777, 0o600);
  });

  await context.test("a database that is there is taken as it is", async () => {
    await first.instances.insert(instance("mine"));
    await first.close();
    const again = await opened(context, { directory: join(directory, "first"), images });
    assert.deepEqual(await again.instances.find("mine-instance"), instance("mine"));
  });

  await context.test("in a directory and in memory, with nothing of the first one", async () => {
    await putFlavorIntoImage(images);
    for (const place of [undefined, join(directory, "new")]) {
      const database = await opened(context, { directory: place, images });
      const flavors = await database.inventory.flavors();
      assert.deepEqual(
        flavors.map(({ id }) => id),
        ["planted"],
        place,
      );
      assert.equal(await database.instances.find("mine-instance"), undefined, place);
    }
  });

  await context.test("one that is damaged, or missing, is none", async () => {
    assert.notEqual(await readImage(images), undefined);
    await truncate(path, (await stat(path)).size - 1);
    assert.equal(await readImage(images), undefined);
    assert.equal(await readImage(directory), undefined);
  });
});

test("a database is made without a place for images as well", async (context) => {
  const file = join(await temporaryDirectory(context), "file");
  await writeFile(file, "");
  const database = await opened(context, { directory: undefined, images: join(file, "images") });
  await database.instances.insert(instance("mine"));
  assert.deepEqual(await database.instances.find("mine-instance"), instance("mine"));
});

test("each version of PGlite and of the tables has an image of its own", () => {
  const pgliteVersion = "0.4.6";
  const migrations = { "0001": ["create table a ()"], "0002": ["create table b ()"] };
  const names = [
    imageName({ pgliteVersion, migrations }),
    imageName({ pgliteVersion: "0.4.7", migrations }),
    imageName({ pgliteVersion, migrations: { "0001": ["create table a ()"] } }),
    imageName({ pgliteVersion, migrations: { ...migrations, "0002": ["create table c ()"] } }),
  ];
  assert.equal(new Set(names).size, names.length);
  assert.equal(names[0], imageName({ pgliteVersion, migrations: { ...migrations } }));
});

interface Place {
  readonly directory: string | undefined;
  readonly images: string;
}

/** Opened for the time of the test. */
async function opened(context: TestContext, place: Place): Promise<Database> {
  const database = await openDatabase({ kind: "pglite", ...place });
  context.after(() => database.close());
  return database;
}

/** What is loaded from it is known by this. */
async function putFlavorIntoImage(images: string): Promise<void> {
  const image = await readImage(images);
  assert.ok(image);
  const pglite = await PGlite.create({ loadDataDir: image });
  await pglite.query(
    "insert into flavor (id, name, vcpus, ram_mib, disk_gib) values ('planted', 'planted', 1, 1, 1)",
  );
  await writeImage(images, pglite);
  await pglite.close();
}
