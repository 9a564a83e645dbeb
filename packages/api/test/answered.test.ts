import assert from "node:assert/strict";
import test from "node:test";
import * as z from "zod/mini";
import type { AnsweredRequest } from "../src/app.ts";
import { openRoute, route } from "../src/route.ts";
import { as, testApp } from "./support/test-app.ts";

test("every answer is told by the name of its route, and by none where there is no route", async () => {
  const answered: AnsweredRequest[] = [];
  const action = { method: "POST", path: "/servers/:id/action", summary: "Act", role: "member" } as const;
  const { app } = testApp(
    [
      route({ ...action, name: "pause", action: "pause", body: z.unknown(), handle: () => ({}) }),
      route({ ...action, name: "resume", action: "resume", body: z.unknown(), handle: () => ({}) }),
      openRoute({ name: "fail", method: "GET", path: "/fail", summary: "Fail", handle: () => fail() }),
    ],
    { onAnswered: (request) => void answered.push(request) },
  );
  await app.request("/compute/servers/7/action", as("member", { resume: null }));
  await app.request("/compute/servers/7/action", as("reader", { pause: null }));
  await app.request("/compute/fail");
  await app.request("/compute/servers/7/action", as("member", { other: null }));
  await app.request("/compute/other", as("member"));
  assert.deepEqual(answered, [
    { route: "resume", method: "POST", status: 200, durationMs: 0 },
    { route: "pause", method: "POST", status: 403, durationMs: 0 },
    { route: "fail", method: "GET", status: 500, durationMs: 0 },
    { route: "none", method: "POST", status: 400, durationMs: 0 },
    { route: "none", method: "GET", status: 404, durationMs: 0 },
  ]);
});

function fail(): never {
  throw new Error("It failed");
}
