import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { temporaryDirectory } from "@nova-agent/testbed";
import { buildPanel, repositoryPanel } from "../../src/server/build/index.ts";
import { openPanel, type Panel } from "../../src/server/index.ts";

/** What somebody on a slow line waits for before the panel shows anything, in bytes. */
const FIRST_PAGE_MAX_BYTES = 60_000;

/** The size of a file as browsers get it, and its text. */
async function load(panel: Panel, path: string): Promise<{ readonly bytes: number; readonly text: string }> {
  const ask = (headers: Record<string, string>) =>
    panel.answer(new Request(`http://127.0.0.1${path}`, { headers }));
  const bytes = Number(ask({ "Accept-Encoding": "gzip, br" })?.headers.get("Content-Length"));
  return { bytes, text: (await ask({})?.text()) ?? "" };
}

test("the first page with all that it cannot begin without is small", async (context) => {
  const output = join(await temporaryDirectory(context), "public");
  await buildPanel({ ...repositoryPanel, output });
  const panel = await openPanel(output);
  const page = await load(panel, "/");
  const linked = [...page.text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path = ""]) => path);
  assert.ok(linked.some((path) => path.endsWith(".js")) && linked.some((path) => path.endsWith(".css")));
  const sizes = await Promise.all(linked.map(async (path) => (await load(panel, path)).bytes));
  const total = sizes.reduce((sum, bytes) => sum + bytes, page.bytes);
  assert.ok(total > 0 && total < FIRST_PAGE_MAX_BYTES, `${total} bytes`);
});

test("nothing in the page asks another place for anything", async (context) => {
  const output = join(await temporaryDirectory(context), "public");
  await buildPanel({ ...repositoryPanel, output });
  const { text } = await load(await openPanel(output), "/");
  assert.doesNotMatch(text, /(?:src|href|action)="(?!\/(?!\/))/);
  assert.doesNotMatch(text, /<style|\sstyle=|<script(?! type="module" src=)|\son\w+=/);
});
