import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { cachedFolder, cacheKey, repositoryRoot, temporaryDirectory } from "../src/index.ts";

test("the repository's root holds the workspace's package.json", async () => {
  const manifest: unknown = JSON.parse(await readFile(join(repositoryRoot(), "package.json"), "utf8"));
  assert.ok(typeof manifest === "object" && manifest !== null && "workspaces" in manifest);
});

test("a cached folder that several ask for at once is whole, and the same for all", async (context) => {
  const path = join("test", cacheKey("folder", String(process.pid)));
  let built = 0;
  const build = async (folder: string): Promise<void> => {
    built += 1;
    await writeFile(join(folder, "content"), "all of it");
  };
  const folders = await Promise.all([1, 2, 3].map(() => cachedFolder(path, build)));
  context.after(() => rm(dirname(folders[0] ?? ""), { recursive: true, force: true }));
  assert.equal(new Set(folders).size, 1);
  assert.equal(await readFile(join(folders[0] ?? "", "content"), "utf8"), "all of it");
  const before = built;
  await cachedFolder(path, build);
  assert.equal(built, before);
});

test("a cached folder whose building fails is not there", async () => {
  const path = join("test", cacheKey("failing", String(process.pid)));
  const failing = cachedFolder(path, () => Promise.reject(new Error("No disk")));
  await assert.rejects(failing, /No disk/);
  assert.equal(existsSync(join(repositoryRoot(), ".cache", path)), false);
});

test("cache keys differ when the same text is cut into inputs differently", () => {
  assert.notEqual(cacheKey("a", "bc", "d"), cacheKey("a", "b", "cd"));
});

test("a temporary directory is removed with what it holds", async (context) => {
  let path = "";
  await context.test("inner", async (inner) => {
    path = await temporaryDirectory(inner);
    await writeFile(join(path, "file"), "");
  });
  assert.notEqual(path, "");
  assert.equal(existsSync(path), false);
});
