import assert from "node:assert/strict";
import test from "node:test";
import { HostError } from "@nova-agent/host";
import * as z from "zod/mini";
import { ApiError } from "../src/errors.ts";
import { BODY_MAX_BYTES } from "../src/limits.ts";
import { openRoute, type Route, route } from "../src/route.ts";
import { as, testApp } from "./support/test-app.ts";

const requestId = "req-7c1b6ec4-0a58-4c85-9a5c-1bb5a4e0b6f1";

/** A route of readers that answers what it is given. */
function echo(changes: Partial<Parameters<typeof route>[0]> = {}): Route {
  return route({
    name: "echo",
    method: "GET",
    path: "/echo/:id",
    summary: "Answer what is asked",
    role: "reader",
    handle: ({ params, requester, query, body, microversion }) => ({
      body: { params, requester, query, body, microversion },
    }),
    ...changes,
  });
}

function throwing(error: unknown): Route {
  return route({
    name: "fail",
    method: "GET",
    path: "/fail",
    summary: "Fail",
    role: "reader",
    handle: () => {
      throw error;
    },
  });
}

test("a request without a token, or with an unknown one, is answered 401", async () => {
  const { app } = testApp([echo()]);
  for (const init of [{}, as("nobody's"), as("x".repeat(10_000))]) {
    const response = await app.request("/compute/echo/1", init);
    assert.equal(response.status, 401);
    assert.deepEqual(await response.json(), {
      unauthorized: { code: 401, message: "The request you have made requires authentication." },
    });
  }
});

test("a handler gets the requester of the token, with the id of the request", async () => {
  const { app } = testApp([echo()]);
  const response = await app.request("/compute/echo/a%20b", as("reader"));
  assert.equal(response.headers.get("x-openstack-request-id"), requestId);
  assert.equal(response.headers.get("x-compute-request-id"), requestId);
  assert.deepEqual(await response.json(), {
    params: { id: "a b" },
    requester: { userId: "u1", projectId: "p1", roles: ["reader"], requestId },
    microversion: 1,
  });
});

test("a role that is too low, or a token for no project, is answered 403", async () => {
  const { app } = testApp([echo({ role: "member" })]);
  assert.equal((await app.request("/compute/echo/1", as("reader"))).status, 403);
  assert.equal((await app.request("/compute/echo/1", as("unscoped"))).status, 403);
  assert.equal((await app.request("/compute/echo/1", as("member"))).status, 200);
  assert.equal((await app.request("/compute/echo/1", as("admin"))).status, 200);
});

test("input that does not pass is answered 400 with the field and without its value", async () => {
  const body = z.object({ server: z.object({ adminPass: z.string() }) });
  const { app, lines } = testApp([echo({ method: "POST", role: "member", body })]);
  for (const server of [{ adminPass: 4711 }, { adminPass: ["4711"] }]) {
    const response = await app.request("/compute/echo/1", as("member", { server }));
    assert.equal(response.status, 400);
    const text = await response.text();
    assert.match(text, /server\.adminPass/u);
    assert.doesNotMatch(text + JSON.stringify(lines), /4711/u);
  }
});

test("a body that is not JSON is answered 400 without its text", async () => {
  const { app, lines } = testApp([echo({ method: "POST", role: "member", body: z.unknown() })]);
  const init = { ...as("member"), method: "POST", body: '{"adminPass": geheim}' };
  const response = await app.request("/compute/echo/1", init);
  assert.equal(response.status, 400);
  assert.doesNotMatch((await response.text()) + JSON.stringify(lines), /geheim/u);
});

test("a body above the limit is answered 413, whether its length is said or not", async () => {
  const { app } = testApp([echo({ method: "POST", role: "member", body: z.unknown() })]);
  const large = JSON.stringify("x".repeat(BODY_MAX_BYTES));
  const said = { ...as("member"), method: "POST", body: large };
  assert.equal((await app.request("/compute/echo/1", said)).status, 413);
  const chunked = { ...said, body: new Blob([large]).stream(), duplex: "half" } as RequestInit;
  assert.equal((await app.request("/compute/echo/1", chunked)).status, 413);
  const within = { ...said, body: JSON.stringify("x".repeat(BODY_MAX_BYTES - 2)) };
  assert.equal((await app.request("/compute/echo/1", within)).status, 200);
});

test("an action is chosen by the one key of the body, and gets its value", async () => {
  const body = z.object({ type: z.string() });
  const { app } = testApp([
    echo({ method: "POST", path: "/action", role: "member", action: "reboot", body, success: 202 }),
    echo({ method: "POST", path: "/action", role: "admin", action: "resetNetwork" }),
  ]);
  const reboot = await app.request("/compute/action", as("member", { reboot: { type: "SOFT" } }));
  assert.equal(reboot.status, 202);
  assert.deepEqual(((await reboot.json()) as { body: unknown }).body, { type: "SOFT" });
  assert.equal((await app.request("/compute/action", as("member", { resetNetwork: null }))).status, 403);
  assert.equal((await app.request("/compute/action", as("admin", { resetNetwork: null }))).status, 200);
  for (const wrong of [{ fly: {} }, {}, [], null, { reboot: {}, resetNetwork: {} }, "reboot"]) {
    assert.equal(
      (await app.request("/compute/action", as("admin", wrong))).status,
      400,
      JSON.stringify(wrong),
    );
  }
});

function named(name: string): { readonly handle: () => { readonly body: string } } {
  return { handle: () => ({ body: name }) };
}

test("routes of one path differ by microversion", async () => {
  const { app } = testApp([
    echo({ path: "/x", microversions: { to: 43 }, ...named("old") }),
    echo({ path: "/x", microversions: { from: 50 }, ...named("new") }),
  ]);
  const ask = (version: string): Response | Promise<Response> =>
    app.request("/compute/x", {
      headers: { "X-Auth-Token": "reader", "OpenStack-API-Version": `compute ${version}` },
    });
  assert.equal(await (await ask("2.43")).json(), "old");
  assert.equal(await (await ask("2.50")).json(), "new");
  assert.equal((await ask("2.44")).status, 404);
});

test("a NUL anywhere in a request is answered 400", async () => {
  const { app } = testApp([echo(), echo({ method: "POST", role: "member", body: z.unknown() })]);
  assert.equal((await app.request("/compute/echo/a%00", as("reader"))).status, 400);
  assert.equal((await app.request("/compute/echo/a?name=%00", as("reader"))).status, 400);
  assert.equal((await app.request("/compute/echo/a", as("member", { a: [{ b: "\0" }] }))).status, 400);
  assert.equal((await app.request("/compute/echo/a", as("member", { "\0": 1 }))).status, 400);
});

test("a refusal of the guest reaches the client word for word", async () => {
  const { app } = testApp([throwing(new HostError("GUEST_REFUSED", "The agent said: no such user"))]);
  const response = await app.request("/compute/fail", as("reader"));
  assert.equal(response.status, 409);
  assert.deepEqual(await response.json(), {
    conflictingRequest: { code: 409, message: "The agent said: no such user" },
  });
});

test("a failure of the host is answered without its reason, which is logged with the request's id", async () => {
  for (const error of [
    new Error("column secret_column"),
    new HostError("XENSTORE_FAILED", "secret_column"),
    "secret_column",
  ]) {
    const { app, lines } = testApp([throwing(error)]);
    const response = await app.request("/compute/fail", as("reader"));
    assert.equal(response.status, 500);
    const text = await response.text();
    assert.match(text, /^\{"computeFault":/u);
    assert.doesNotMatch(text, /secret_column/u);
    assert.match(text, new RegExp(requestId, "u"));
    const logged = lines.find(({ level }) => level === "error");
    assert.equal(logged?.fields?.["requestId"], requestId);
    assert.match(String(logged?.fields?.["error"]), /secret_column/u);
  }
});

test("who is to try again is told when", async () => {
  const error = new ApiError("TOO_MANY_REQUESTS", "Too often", { retryAfterSeconds: 7 });
  const { app } = testApp([throwing(error)]);
  const response = await app.request("/compute/fail", as("reader"));
  assert.equal(response.headers.get("retry-after"), "7");
  assert.deepEqual(await response.json(), {
    overLimit: { code: 429, message: "Too often", retryAfter: "7" },
  });
});

test("faults are in the JSON of their service", async () => {
  const error = new ApiError("NOT_FOUND", "No such thing");
  const keystone = testApp([throwing(error)], { service: { faults: "identity" } });
  assert.deepEqual(await (await keystone.app.request("/compute/fail", as("reader"))).json(), {
    error: { code: 404, title: "Not Found", message: "No such thing" },
  });
  const neutron = testApp([throwing(error)], { service: { faults: "network" } });
  assert.deepEqual(await (await neutron.app.request("/compute/fail", as("reader"))).json(), {
    NeutronError: { type: "HTTPNotFound", message: "No such thing", detail: "" },
  });
});

test("what is not offered is a 404 for who has a token, and a 401 for others", async () => {
  const { app } = testApp([echo()]);
  assert.equal((await app.request("/compute/nothing", as("reader"))).status, 404);
  assert.equal((await app.request("/compute/nothing")).status, 401);
  assert.equal((await app.request("/elsewhere")).status, 404);
});

test("a method that a path does not take is a 405 that names those it takes", async () => {
  const { app } = testApp([echo(), echo({ method: "PUT", role: "member" })]);
  const response = await app.request("/compute/echo/1", { ...as("reader"), method: "DELETE" });
  assert.equal(response.status, 405);
  assert.equal(response.headers.get("allow"), "GET, PUT");
  assert.match(await response.text(), /^\{"badMethod":\{"code":405,/u);
});

test("every answer forbids to keep, frame and guess it", async () => {
  const { app } = testApp([echo()]);
  for (const path of ["/compute/echo/1", "/elsewhere", "/openapi.json"]) {
    const { headers } = await app.request(path);
    assert.equal(headers.get("cache-control"), "no-store", path);
    assert.equal(headers.get("x-content-type-options"), "nosniff", path);
    assert.equal(headers.get("strict-transport-security"), null);
  }
  const { headers } = await app.request("https://localhost/compute/echo/1");
  assert.match(headers.get("strict-transport-security") ?? "", /max-age/u);
});

test("a query field given twice comes as an array, and HEAD is GET without a body", async () => {
  const query = z.object({ sort_key: z.optional(z.union([z.string(), z.array(z.string())])) });
  const { app } = testApp([echo({ query })]);
  const response = await app.request("/compute/echo/1?sort_key=a&sort_key=b&other=1", as("reader"));
  assert.deepEqual(((await response.json()) as { query: unknown }).query, { sort_key: ["a", "b"] });
  const head = await app.request("/compute/echo/1", { ...as("reader"), method: "HEAD" });
  assert.equal(head.status, 200);
  assert.equal(await head.text(), "");
});

test("an open route is told of a token, and needs none", async () => {
  const open = openRoute({
    name: "open",
    method: "GET",
    path: "/",
    summary: "Who is it",
    handle: ({ caller }) => ({ body: caller?.scope.user.name ?? "nobody" }),
  });
  const { app } = testApp([open]);
  assert.equal(await (await app.request("/compute")).json(), "nobody");
  assert.equal(await (await app.request("/compute/", as("reader"))).json(), "alice");
});
