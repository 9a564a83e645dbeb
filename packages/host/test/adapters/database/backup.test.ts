import assert from "node:assert/strict";
import { readFile, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { pgliteInMemory, temporaryDirectory } from "@nova-agent/testbed";
import { openDatabase, restoreBackup, writeBackup } from "../../../src/adapters/database/index.ts";
import { hasCode } from "../../support/has-code.ts";
import { at, operation } from "./behaviour.ts";
import { PASSWORD, SEALED, allRows, openFilled } from "./filled-ledger.ts";

const now = () => at(7);

test("a backup is whole, private, without secrets, and restored into an empty database alone", async (context) => {
  const path = join(await temporaryDirectory(context), "ledger.backup");
  const source = await openFilled();
  context.after(() => source.close());
  const { counts } = await writeBackup(source, { path, now });
  const text = await readFile(path, "utf8");

  await context.test("it is for its owner alone, and nothing else is left beside it", async () => {
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.deepEqual(await readdir(join(path, "..")), ["ledger.backup"]);
  });

  await context.test("something of every table but the tokens is in it, and nothing that is secret", () => {
    assert.deepEqual(
      Object.entries(counts).filter(([, count]) => count === 0),
      [],
    );
    assert.equal(Object.keys(counts).length, 16);
    for (const secret of [PASSWORD, "staple", SEALED.toString("hex")])
      assert.ok(!text.includes(secret), secret);
  });

  await context.test("a database that is not empty is left as it is", async () => {
    const before = await allRows(source);
    await assert.rejects(restoreBackup(source, { path }), hasCode("DATABASE_NOT_EMPTY", /"project"/));
    assert.deepEqual(await allRows(source), before);
  });

  const target = await openDatabase({ ...pgliteInMemory(), now });
  context.after(() => target.close());

  const lines = text.trimEnd().split("\n");
  const [header = "", ...others] = lines;
  const damaged: readonly (readonly [what: string, text: string, words: RegExp])[] = [
    ["an empty file", "", /no backup/],
    ["another kind of file", "[global]\n", /no backup/],
    [
      "one of another version",
      [header.replace(/"schema":"[^"]+"/, '"schema":"0000-older"'), ...others].join("\n"),
      /0000-older/,
    ],
    ["one that was cut between lines", lines.slice(0, -1).join("\n"), /cut/],
    ["one that was cut within a line", text.slice(0, text.length / 2), /cut/],
    ["one in which a letter was changed", text.replace("compute_reboot", "compute_rebood"), /checksum/],
    ["one from which a row was taken", lines.toSpliced(5, 1).join("\n"), /checksum/],
    ["one with more behind its end", `${text}{}\n`, /behind its end/],
    ["one with a row of an unknown table", text.replace('["audit"', '["token"'), /no row/],
  ];
  for (const [what, changed, words] of damaged) {
    await context.test(`${what} is refused in words, and nothing of it stays`, async () => {
      await writeFile(`${path}.damaged`, changed);
      const restored = restoreBackup(target, { path: `${path}.damaged` });
      await assert.rejects(restored, hasCode("BACKUP_UNUSABLE", words));
      const [counted = ""] = await allRows(target);
      assert.doesNotMatch(counted, /:[1-9]/);
    });
  }

  await context.test("what is restored is what was there", async () => {
    assert.deepEqual(await restoreBackup(target, { path }), { counts });
    assert.deepEqual(await allRows(target), await allRows(source));
    assert.deepEqual(
      await target.instances.find("kept-instance"),
      await source.instances.find("kept-instance"),
    );
    assert.equal((await target.identity.verifyPassword({ name: "user" }, PASSWORD))?.id, "kept-user");
    assert.equal(await target.operations.sealedOf("kept-1"), undefined);
  });

  await context.test("it goes on behind what was restored", async () => {
    await target.operations.insert(operation("kept", { id: "new" }));
    await target.operations.note("new", { state: "sent", text: "Later" });
    const timeline = (await target.operations.find("new"))?.timeline ?? [];
    assert.deepEqual(
      timeline.map(({ state }) => state),
      ["queued", "sent"],
    );
  });
});

test("a backup that cannot be written is an error in words, and nothing is left", async (context) => {
  const directory = await temporaryDirectory(context);
  const database = await openDatabase(pgliteInMemory());
  context.after(() => database.close());
  const missing = writeBackup(database, { path: join(directory, "none", "backup"), now });
  await assert.rejects(missing, hasCode("BACKUP_UNUSABLE", /none/));
  await assert.rejects(writeBackup(database, { path: directory, now }), hasCode("BACKUP_UNUSABLE"));
  assert.deepEqual(await readdir(directory), []);
});
