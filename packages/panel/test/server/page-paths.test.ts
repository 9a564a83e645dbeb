import assert from "node:assert/strict";
import test from "node:test";
import { parseRoute, pathOf, type Route, serverTabs } from "../../src/browser/router/route.ts";
import { isPagePath } from "../../src/server/page-paths.ts";

const pages: readonly Route[] = [
  { page: "servers" },
  { page: "build" },
  { page: "fleet" },
  ...serverTabs.map((tab) => ({ page: "server", id: "a b/c", tab }) as const),
];

test("the server knows every page that the panel has", () => {
  for (const page of pages) {
    assert.ok(isPagePath(pathOf(page)), pathOf(page));
    assert.ok(isPagePath(`${pathOf(page)}/`), `${pathOf(page)}/`);
  }
});

test("what the panel has no page for is none to the server", () => {
  for (const path of ["/sign-in", "/servers/1/nowhere", "/servers/1/access/more", "/build/1", "/nowhere"]) {
    assert.equal(parseRoute(path).page, "unknown");
    assert.equal(isPagePath(path), false, path);
  }
});

test("a path with a million slashes is no page, and is found to be none at once", { timeout: 30_000 }, () => {
  // In time that grows with the square of their number, this would take minutes.
  assert.equal(isPagePath(`${"/".repeat(1_000_000)}x`), false);
  assert.equal(isPagePath(`/servers${"/".repeat(1_000_000)}`), true);
});
