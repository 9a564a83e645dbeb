import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openPanel, PACKAGED_PANEL } from "@nova-agent/panel";
import { runProgram, systemTest, temporaryDirectory } from "@nova-agent/testbed";
import { buildBundle, bundleFiles, LICENSES } from "../src/build-bundle.ts";
import { PROGRAM_TIMEOUT_MS } from "./support/limits.ts";

/** Makes a program believe that it is run by Node 18. */
const OLDER =
  'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.19.0" } });';

systemTest("the bundle says which Node it needs", { needs: [] }, async (context) => {
  const folder = await temporaryDirectory(context);
  await buildBundle(folder);
  const older = join(folder, "older.mjs");
  await writeFile(older, OLDER);
  const program = join(folder, bundleFiles[0]);
  const argv = [process.execPath, "--import", older, program, "--version"] as const;
  const { status, stdout, stderr } = await runProgram({ argv, timeoutMs: PROGRAM_TIMEOUT_MS });
  assert.deepEqual([status, stdout], [78, ""]);
  assert.match(stderr, /^Error: Node 18\.19\.0 is too old: nova-control needs Node 20\.19 or later$/m);
});

systemTest("the license of every package in the bundle is beside it", { needs: [] }, async (context) => {
  const folder = await temporaryDirectory(context);
  await buildBundle(folder);
  const modules = await readFile(join(folder, bundleFiles[0]), "utf8");
  const packages = [...modules.matchAll(/^\s*\/\/ node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\//gm)];
  // The panel has no comments that tell what is in it.
  const names = [...new Set([...packages.map(([, name = ""]) => name), "preact", "@preact/signals"])];
  assert.ok(names.length > 10);
  const licenses = await readFile(join(folder, LICENSES), "utf8");
  assert.deepEqual(
    names.filter((name) => !new RegExp(`^${name} \\d\\S*, license: \\S`, "m").test(licenses)),
    [],
  );
});

systemTest("the panel is whole beside the bundle", { needs: [] }, async (context) => {
  const folder = await temporaryDirectory(context);
  await buildBundle(folder);
  const panel = await openPanel(join(folder, PACKAGED_PANEL));
  const page = await panel.answer(new Request("http://127.0.0.1/"))?.text();
  const code = /<script type="module" src="([^"]+)"/.exec(page ?? "")?.[1] ?? "";
  assert.equal(panel.answer(new Request(`http://127.0.0.1${code}`))?.status, 200);
});
