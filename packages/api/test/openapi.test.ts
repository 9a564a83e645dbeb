import assert from "node:assert/strict";
import test from "node:test";
import * as z from "zod/mini";
import { openRoute, route } from "../src/route.ts";
import { testApp } from "./support/test-app.ts";

const handle = (): object => ({});

test("the document has every route with its parameters, bodies and who may call it", async () => {
  const act = { method: "POST", path: "/servers/:id/action", summary: "Act", success: 202, handle } as const;
  const { app } = testApp([
    openRoute({ name: "versions", method: "GET", path: "/", summary: "Versions", handle }),
    route({
      name: "list",
      method: "GET",
      path: "/servers",
      summary: "List",
      role: "reader",
      query: z.object({ name: z.optional(z.string()) }),
      handle,
    }),
    route({ ...act, name: "reboot", role: "member", action: "reboot", body: z.object({ type: z.string() }) }),
    route({ ...act, name: "start", role: "member", action: "os-start", body: z.unknown() }),
    route({ ...act, name: "stop", role: "admin", action: "os-stop", body: z.unknown(), success: 200 }),
  ]);
  const response = await app.request("/openapi.json");
  assert.equal(response.status, 200);
  const { paths } = (await response.json()) as {
    paths: Record<string, Record<string, Record<string, unknown>>>;
  };
  assert.deepEqual(Object.keys(paths), ["/compute", "/compute/servers", "/compute/servers/{id}/action"]);
  assert.deepEqual(paths["/compute"]?.["get"]?.["security"], []);
  assert.deepEqual(paths["/compute/servers"]?.["get"]?.["parameters"], [
    { name: "name", in: "query", required: false, schema: { type: "string" } },
  ]);
  const action = paths["/compute/servers/{id}/action"]?.["post"];
  assert.deepEqual(Object.keys(action?.["responses"] ?? {}), ["200", "202"]);
  const body = action?.["requestBody"] as {
    content: { "application/json": { schema: { anyOf: { required: string[] }[] } } };
  };
  assert.deepEqual(
    body.content["application/json"].schema.anyOf.map(({ required }) => required),
    [["reboot"], ["os-start"], ["os-stop"]],
  );
  const routes = action?.["x-routes"] as { action: string; access: string }[];
  assert.deepEqual(
    routes.map(({ action, access }) => `${action} ${access}`),
    ["reboot member", "os-start member", "os-stop admin"],
  );
});
