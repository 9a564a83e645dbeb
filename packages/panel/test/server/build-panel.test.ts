import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import test, { type TestContext } from "node:test";
import { temporaryDirectory } from "@nova-agent/testbed";
import { buildPanel } from "../../src/server/build/index.ts";

const files: Readonly<Record<string, string>> = {
  "sources/index.html": `<!doctype html>
    <head>
      <link rel="icon" href="/assets/icon.svg" />
      <link rel="stylesheet" href="/assets/panel.css" />
      <script type="module" src="/assets/main.js"></script>
    </head>`,
  "sources/icon.svg": "<svg/>",
  "sources/styles/panel.css": '@import "./colours.css"; .panel { margin: 0 }',
  "sources/styles/colours.css": ".colour { color: red }",
  "compiled/main.js": 'import { shared } from "./shared.js"; shared("main"); void import("./later.js");',
  "compiled/later.js": 'import { shared } from "./shared.js"; shared("later"); export const later = 1;',
  "compiled/shared.js": "export function shared(words) { console.log('shared', words); }",
};

async function write(root: string, more: Readonly<Record<string, string>> = {}): Promise<void> {
  for (const [path, text] of Object.entries({ ...files, ...more })) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

function placesIn(root: string) {
  return {
    root,
    sources: join(root, "sources"),
    compiled: join(root, "compiled"),
    output: join(root, "public"),
  };
}

async function workspace(context: TestContext): Promise<string> {
  const root = await temporaryDirectory(context);
  await write(root);
  return root;
}

async function contents(root: string): Promise<Readonly<Record<string, string>>> {
  const names = await readdir(join(root, "public"), { recursive: true, withFileTypes: true });
  const paths = names.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const entries = paths.map(async (path) => [path.slice(root.length), await readFile(path, "utf8")] as const);
  const found = new Map(await Promise.all(entries));
  return Object.fromEntries([...found.keys()].toSorted().map((path) => [path, found.get(path) ?? ""]));
}

test("the page links to hashed assets, and asks at once for what the code imports", async (context) => {
  const root = await workspace(context);
  await buildPanel(placesIn(root));
  const built = await contents(root);
  const page = built["/public/index.html"] ?? "";
  const linked = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = ""]) => path);
  for (const path of linked) assert.ok(built[`/public${path}`] !== undefined, path);
  assert.deepEqual(
    linked.map((path) => path.replace(/-[A-Z0-9]{8}\./, ".")),
    ["/assets/icon.svg", "/assets/panel.css", "/assets/main.js", "/assets/chunk.js"],
  );
  const preloaded = /modulepreload" href="([^"]+)"/.exec(page)?.[1] ?? "";
  assert.match(built[`/public${preloaded}`] ?? "", /shared/);
  const later = Object.keys(built).find((path) => path.includes("/later-"));
  assert.match(built[later ?? ""] ?? "", /"later"/);
});

test("styles come with what they import, in one file", async (context) => {
  const root = await workspace(context);
  await buildPanel(placesIn(root));
  const styles = Object.entries(await contents(root)).filter(([path]) => path.endsWith(".css"));
  assert.deepEqual(
    styles.map(([, text]) => text.trim()),
    [".colour{color:red}.panel{margin:0}"],
  );
});

test("what is built depends on the sources, and not on where they are", async (context) => {
  const roots = [await workspace(context), await workspace(context)];
  for (const root of roots) await buildPanel(placesIn(root));
  const [first = "", second = ""] = roots;
  assert.deepEqual(await contents(first), await contents(second));
  await buildPanel(placesIn(first));
  assert.deepEqual(await contents(first), await contents(second));
});

test("what is no longer part of the panel goes", async (context) => {
  const root = await workspace(context);
  await buildPanel(placesIn(root));
  const before = Object.keys(await contents(root));
  await write(root, { "sources/styles/colours.css": ".colour { color: blue }" });
  await buildPanel(placesIn(root));
  const after = Object.keys(await contents(root));
  const gone = before.filter((path) => !after.includes(path));
  assert.deepEqual(
    gone.map((path) => path.replace(/-[A-Z0-9]{8}/, "")),
    ["/public/assets/panel.css"],
  );
  assert.equal(after.length, before.length);
});

test("a fault is told with its place, and leaves what was built before", async (context) => {
  const root = await workspace(context);
  await buildPanel(placesIn(root));
  const before = await contents(root);
  const faults: readonly (readonly [path: string, text: string, message: RegExp])[] = [
    ["compiled/main.js", "import './gone.js';", /compiled\/main\.js:1:7: Could not resolve ".\/gone\.js"/],
    ["compiled/later.js", "export const = 1;", /compiled\/later\.js:1:13: /],
    ["sources/styles/panel.css", '@import "./gone.css";', /styles\/panel\.css:1:8: .*gone\.css/],
    ["sources/index.html", '<head><script src="/assets/gone.js"></head>', /names \/assets\/gone\.js/],
    ["sources/index.html", "<p>", /no head/],
  ];
  for (const [path, text, message] of faults) {
    await write(root, { [path]: text });
    await assert.rejects(buildPanel(placesIn(root)), { code: "BUILD_FAILED", message }, path);
    assert.deepEqual(await contents(root), before);
  }
});

test("the packages in the panel are told", async (context) => {
  const root = await workspace(context);
  await write(root, {
    "node_modules/some-package/index.js": "export const some = 1;",
    "compiled/shared.js":
      'import { some } from "some-package"; export const shared = () => console.log(some);',
  });
  const modules = await buildPanel(placesIn(root));
  assert.ok(modules.includes("node_modules/some-package/index.js"), modules.join());
});
