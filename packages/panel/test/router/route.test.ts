import assert from "node:assert/strict";
import test from "node:test";
import { parseRoute, pathOf, type Route } from "../../src/browser/router/route.ts";

const table: readonly (readonly [path: string, route: Route])[] = [
  ["/", { page: "servers" }],
  ["/build", { page: "build" }],
  ["/fleet", { page: "fleet" }],
  ["/servers/4f1c", { page: "server", id: "4f1c", tab: "overview" }],
  ["/servers/4f1c/access", { page: "server", id: "4f1c", tab: "access" }],
  ["/servers/4f1c/activity", { page: "server", id: "4f1c", tab: "activity" }],
  ["/servers/a%2Fb", { page: "server", id: "a/b", tab: "overview" }],
  ["/servers/4f1c/nowhere", { page: "unknown", path: "/servers/4f1c/nowhere" }],
  ["/servers/4f1c/access/more", { page: "unknown", path: "/servers/4f1c/access/more" }],
  ["/servers/%", { page: "unknown", path: "/servers/%" }],
  ["/build/more", { page: "unknown", path: "/build/more" }],
  ["/nowhere", { page: "unknown", path: "/nowhere" }],
];

for (const [path, route] of table) {
  test(`${path} leads to ${route.page}, and back`, () => {
    assert.deepEqual(parseRoute(path), route);
    assert.equal(pathOf(route), path);
  });
}

test("the list of servers is also where its name says", () => {
  assert.deepEqual(parseRoute("/servers"), { page: "servers" });
});

test("an empty part of a path and the name of the first tab are none", () => {
  assert.deepEqual(parseRoute("//servers/4f1c//"), { page: "server", id: "4f1c", tab: "overview" });
  assert.deepEqual(parseRoute("/servers/4f1c/overview"), { page: "server", id: "4f1c", tab: "overview" });
});
