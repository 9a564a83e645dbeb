import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { temporaryDirectory } from "@nova-agent/testbed";
import { openPanel } from "../../src/server/index.ts";

const PAGE = `<!doctype html><title>Panel</title>${" ".repeat(2000)}`;
const CODE = `export const words = ${JSON.stringify("words ".repeat(500))};`;
const TINY = "a{}";

async function open(context: TestContext) {
  const directory = await temporaryDirectory(context);
  await mkdir(join(directory, "assets"));
  await writeFile(join(directory, "index.html"), PAGE);
  await writeFile(join(directory, "assets/main-ABCDEFGH.js"), CODE);
  await writeFile(join(directory, "assets/panel-ABCDEFGH.css"), TINY);
  const panel = await openPanel(directory);
  return (path: string, { method = "GET", ...headers }: Record<string, string> = {}) =>
    panel.answer(new Request(new URL(path, "http://127.0.0.1"), { method, headers }));
}

const MAIN = "/assets/main-ABCDEFGH.js";

test("every page is the one document, for nobody to keep", async (context) => {
  const ask = await open(context);
  const servers = ["", "/overview", "/access", "/networks", "/rescue", "/agent", "/activity"].map(
    (tab) => `/servers/49f38f71${tab}`,
  );
  for (const path of ["/", "/servers", "/build", "/fleet", "/?status=ERROR", ...servers]) {
    const response = ask(path);
    assert.equal(response?.status, 200, path);
    assert.equal(response.headers.get("Cache-Control"), "no-store");
    assert.equal(response.headers.get("Content-Type"), "text/html; charset=utf-8");
    assert.equal(await response.text(), PAGE);
  }
});

test("a browser that goes to nowhere gets the document with 404, a program is left to the API", async (context) => {
  const ask = await open(context);
  const browser = { accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" };
  for (const path of ["/nowhere", "/sign-in", "/servers/1/nowhere", "/servers/1/access/more"]) {
    const response = ask(path, browser);
    assert.equal(response?.status, 404, path);
    assert.equal(await response.text(), PAGE);
    assert.equal(ask(path), undefined);
    assert.equal(ask(path, { accept: "application/json" }), undefined);
    assert.equal(ask(path, { ...browser, method: "POST" }), undefined);
  }
  assert.equal(ask("/assets/old-ABCDEFGH.js", browser), undefined);
  assert.equal(ask("/index.html"), undefined);
  assert.equal(ask("/assets/../index.html"), undefined);
});

test("an asset is kept forever, and is not sent to who has it", async (context) => {
  const ask = await open(context);
  const response = ask(MAIN);
  assert.equal(response?.status, 200);
  assert.equal(response.headers.get("Cache-Control"), "public, max-age=31536000, immutable");
  assert.equal(response.headers.get("Content-Type"), "text/javascript; charset=utf-8");
  assert.equal(response.headers.get("Content-Length"), String(CODE.length));
  assert.equal(await response.text(), CODE);
  const etag = response.headers.get("ETag") ?? "";
  assert.match(etag, /^"[\w-]+"$/);
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
    const again = ask(MAIN, { "if-none-match": known });
    assert.equal(again?.status, 304, known);
    assert.equal(again.headers.get("ETag"), etag);
    assert.equal(again.headers.get("Vary"), "Accept-Encoding");
    assert.equal(await again.text(), "");
  }
  assert.equal(ask(MAIN, { "if-none-match": '"other"' })?.status, 200);
});

test("each form has its own length and tag, and is what it says", async (context) => {
  const ask = await open(context);
  const tags = new Set<string | null>();
  const unpack = { br: brotliDecompressSync, gzip: gunzipSync } as const;
  for (const coding of ["br", "gzip"] as const) {
    const response = ask(MAIN, { "accept-encoding": coding });
    assert.equal(response?.headers.get("Content-Encoding"), coding);
    assert.equal(response.headers.get("Vary"), "Accept-Encoding");
    const bytes = Buffer.from(await response.arrayBuffer());
    assert.equal(response.headers.get("Content-Length"), String(bytes.length));
    assert.equal(unpack[coding](bytes).toString(), CODE);
    tags.add(response.headers.get("ETag"));
    const other = ask(MAIN, { "if-none-match": response.headers.get("ETag") ?? "" });
    assert.equal(other?.status, 200, "the client that cannot unpack it has another form");
  }
  assert.equal(tags.size, 2);
});

test("what grows when it is compressed is sent as it is", async (context) => {
  const ask = await open(context);
  const response = ask("/assets/panel-ABCDEFGH.css", { "accept-encoding": "br, gzip" });
  assert.equal(response?.headers.get("Content-Encoding"), null);
  assert.equal(await response?.text(), TINY);
});

test("HEAD tells what GET would send, without sending it", async (context) => {
  const ask = await open(context);
  for (const path of ["/", MAIN]) {
    const [head, get] = [ask(path, { method: "HEAD" }), ask(path)];
    assert.equal(head?.status, 200);
    assert.deepEqual([...(head?.headers ?? [])], [...(get?.headers ?? [])]);
    assert.equal(await head?.text(), "");
  }
});

test("pages and assets may do nothing but what the panel does", async (context) => {
  const ask = await open(context);
  for (const path of ["/", MAIN]) {
    const headers = ask(path)?.headers;
    assert.equal(
      headers?.get("Content-Security-Policy"),
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
    );
    assert.equal(headers?.get("X-Content-Type-Options"), "nosniff");
    assert.equal(headers?.get("X-Frame-Options"), "DENY");
    assert.equal(headers?.get("Referrer-Policy"), "no-referrer");
    assert.equal(headers?.get("Cross-Origin-Opener-Policy"), "same-origin");
    assert.equal(headers?.get("Cross-Origin-Resource-Policy"), "same-origin");
  }
});

test("over TLS browsers are told to stay with it", async (context) => {
  const ask = await open(context);
  assert.equal(ask("/")?.headers.get("Strict-Transport-Security"), null);
  const secure = ask("https://cloud.example.org/")?.headers.get("Strict-Transport-Security");
  assert.equal(secure, "max-age=31536000");
});

test("a folder that is not there, or has something else in it, is named", async (context) => {
  const directory = await temporaryDirectory(context);
  await assert.rejects(openPanel(join(directory, "gone")), { code: "NOT_BUILT", message: /gone/ });
  await mkdir(join(directory, "assets"));
  await writeFile(join(directory, "index.html"), PAGE);
  await writeFile(join(directory, "assets/notes.txt"), "");
  await assert.rejects(openPanel(directory), { code: "NOT_BUILT", message: /notes\.txt/ });
});
