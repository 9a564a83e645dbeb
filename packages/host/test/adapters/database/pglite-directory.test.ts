import assert from "node:assert/strict";
import { cp, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type TestContext, after } from "node:test";
import { PGlite } from "@electric-sql/pglite";
import { pgliteInMemory, startProcess, temporaryDirectory, waitFor } from "@nova-agent/testbed";
import { type Database, openDatabase } from "../../../src/adapters/database/index.ts";
import { hasCode } from "../../support/has-code.ts";
import { at, instance } from "./behaviour.ts";

/** A database without anything in it; copies of it are opened faster than new ones. */
const empty = makeEmpty();

const HOLDER = join(import.meta.dirname, "database-holder.js");

test("what was put in is there when the directory, its user's alone, is opened again", async (context) => {
  const directory = join(await temporaryDirectory(context), "new", "database");
  const first = await opened(context, directory);
  await first.instances.insert(instance("mine"));
  await first.close();
  assert.equal((await stat(directory)).mode & 0o777, 0o700);
  const second = await opened(context, directory);
  assert.deepEqual(await second.instances.find("mine-instance"), instance("mine"));
});

test("a directory that is open is refused by the name of the process that has it", async (context) => {
  const directory = await copyOfEmpty(context);
  const first = await opened(context, directory);
  const isRefused = hasCode("DATABASE_BUSY", new RegExp(`process ${process.pid} `, "i"));
  await assert.rejects(openDatabase({ kind: "pglite", directory }), isRefused);
  await first.instances.insert(instance("mine"));
  await first.close();
  await first.close();
  const second = await opened(context, directory);
  await first.close();
  await assert.rejects(openDatabase({ kind: "pglite", directory }), isRefused);
  assert.notEqual(await second.instances.find("mine-instance"), undefined);
});

test("a process that is killed gives the directory up, and nothing that was in it is lost", async (context) => {
  const directory = await copyOfEmpty(context);
  const holder = startProcess({ argv: [process.execPath, HOLDER, directory] });
  context.after(() => holder.stop());
  await waitFor(() => holder.stdout().includes("kept-20\n") || !holder.isRunning(), {
    what: "work of the other process",
    timeoutMs: 60_000,
  });
  const isRefused = hasCode("DATABASE_BUSY", new RegExp(`process ${holder.pid} `, "i"));
  await assert.rejects(openDatabase({ kind: "pglite", directory }), isRefused);
  holder.kill("SIGKILL");
  await holder.exited;
  // The last line may be cut off by the end of the process.
  const acknowledged = holder.stdout().split("\n").slice(0, -1);
  const database = await opened(context, directory);
  for (const id of acknowledged) {
    const found = await database.operations.find(id);
    assert.deepEqual(
      found?.timeline.map(({ state }) => state),
      ["queued", "sent"],
      id,
    );
  }
});

test("a database that a later version has changed is refused, and left alone", async (context) => {
  const directory = await copyOfEmpty(context);
  const pglite = await PGlite.create(join(directory, "data"));
  await pglite.query("insert into kysely_migration (name, timestamp) values ('9999-later', '')");
  await pglite.close();
  const isRefused = hasCode("DATABASE_FAILED", /9999-later/);
  await assert.rejects(openDatabase({ kind: "pglite", directory }), isRefused);
  assert.deepEqual(await readdir(directory), ["data"]);
});

test("a directory that cannot be made fails as an error of the database", async (context) => {
  const file = join(await temporaryDirectory(context), "file");
  await writeFile(file, "");
  await assert.rejects(openDatabase({ kind: "pglite", directory: file }), hasCode("DATABASE_FAILED", /file/));
});

test("a closed database refuses what is asked of it", async (context) => {
  const database = await opened(context, await copyOfEmpty(context));
  await database.close();
  await assert.rejects(database.instances.find("any"), hasCode("DATABASE_FAILED"));
});

test("what was asked for before the close is still answered", async (context) => {
  const database = await opened(context, await copyOfEmpty(context));
  const answers = [1, 2, 3].map(async (number) => {
    await database.instances.insert(instance("mine", { id: `${number}` }));
  });
  await database.close();
  await Promise.all(answers);
});

test("no password, token or secret is in any file of the database", async (context) => {
  const directory = await copyOfEmpty(context);
  const database = await opened(context, directory);
  const { identity } = database;
  const user = { id: "visible-user", name: "demo", isEnabled: true, defaultProjectId: undefined };
  const project = { id: "project", name: "demo", isEnabled: true };
  await identity.createProject(project);
  await identity.createUser(user, "password-in-clear");
  const ids = { id: "credential", name: "ci", userId: user.id, projectId: project.id };
  await identity.createCredential(
    { ...ids, description: "", roles: [], expiresAt: undefined },
    "secret-in-clear",
  );
  const times = { issuedAt: at(0), expiresAt: new Date(Date.now() + 60_000) };
  const token = await identity.issueToken({ user, project, roles: [], methods: ["password"], ...times });
  await database.close();
  const secrets = ["password-in-clear", "secret-in-clear", token];
  assert.deepEqual(await filesWith(directory, secrets), []);
  assert.notDeepEqual(await filesWith(directory, [user.id]), []);
});

async function makeEmpty(): Promise<string> {
  const directory = await temporaryDirectory({ after });
  await (await openDatabase({ ...pgliteInMemory(), directory })).close();
  return directory;
}

async function copyOfEmpty(context: TestContext): Promise<string> {
  const directory = await temporaryDirectory(context);
  await cp(await empty, directory, { recursive: true });
  return directory;
}

/** Opened for the time of the test. */
async function opened(context: TestContext, directory: string): Promise<Database> {
  const database = await openDatabase({ ...pgliteInMemory(), directory });
  context.after(() => database.close());
  return database;
}

/** The files that hold one of the texts. */
async function filesWith(directory: string, texts: readonly string[]): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.filter((entry) => entry.isFile())) {
    const bytes = await readFile(join(entry.parentPath, entry.name));
    if (texts.some((text) => bytes.includes(text))) found.push(entry.name);
  }
  return found;
}
