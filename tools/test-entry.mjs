// Runs a package's compiled tests in this one process: node tools/test-entry.mjs FOLDER [unit|system|all] [PART-OF-NAME]
// Unit tests are *.test.js, system tests (real servers, namespaces, root) are *.system.test.js.
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";

// A starter that was killed cannot end this process.
process.once("disconnect", () => process.exit(1));
process.channel?.unref();

const [folder = ".", kind = "unit", part = ""] = process.argv.slice(2);
const root = resolve(folder, "dist/test");
// The compiler leaves what it made of sources that were moved or deleted since.
const hasSource = (name) =>
  [".ts", ".tsx"].some((ending) => existsSync(join(folder, "test", name.replace(/\.js$/, ending))));
const names = (await readdir(root, { recursive: true })).filter(
  (name) => name.endsWith(".test.js") && hasSource(name),
);
const wanted = names.filter(
  (name) => kind === "all" || name.endsWith(".system.test.js") === (kind === "system"),
);
const chosen = wanted.filter((name) => name.includes(part)).toSorted();
if (chosen.length === 0) throw new Error(`No ${kind} test in ${relative(".", root)} is named like "${part}"`);
for (const name of chosen) await import(pathToFileURL(join(root, name)).href);
