import assert from "node:assert/strict";
import test from "node:test";
import * as z from "zod/mini";
import { PanelError } from "../../src/browser/errors.ts";
import { ApiClient } from "../../src/browser/http/api-client.ts";

interface World {
  readonly client: ApiClient;
  readonly requests: readonly { readonly path: string; readonly init: RequestInit }[];
  readonly expiries: () => number;
}

/** A client of a service that answers everything alike. */
function makeWorld(answer: () => Response | Promise<Response>): World {
  const requests: { readonly path: string; readonly init: RequestInit }[] = [];
  let expiries = 0;
  const client = new ApiClient({
    fetch: async (path, init) => {
      requests.push({ path: pathOf(path), init: init ?? {} });
      return answer();
    },
    onSignedOut: () => {
      expiries += 1;
    },
  });
  return { client, requests, expiries: () => expiries };
}

function pathOf(path: URL | RequestInfo): string {
  assert.ok(typeof path === "string");
  return path;
}

const thing = z.object({ thing: z.string() });
const ok = (): Response => Response.json({ thing: "this" });
const over = (): Response => Response.json({ error: { message: "No session" } }, { status: 401 });

function panelError(code: string, words: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof PanelError);
    assert.equal(error.code, code);
    assert.match(error.message, words);
    return true;
  };
}

test("an answer is parsed", async () => {
  const { client } = makeWorld(ok);
  assert.deepEqual(await client.get("/things/1", thing), { thing: "this" });
});

test("an answer of another shape is told with the place", async () => {
  const { client } = makeWorld(() => Response.json({ thing: 1 }));
  await assert.rejects(client.get("/things/1", thing), panelError("BAD_ANSWER", /\/things\/1 .*"thing"/u));
});

test("an answer that is cut off is told", async () => {
  const { client } = makeWorld(() => new Response('{"thing": "th'));
  await assert.rejects(client.get("/things/1", thing), panelError("BAD_ANSWER", /cut off/u));
});

test("what changes something carries the session's CSRF token, and what reads does not", async () => {
  const { client, requests } = makeWorld(ok);
  client.setCsrfToken("token-1");
  await client.get("/things/1", thing);
  await client.send("POST", "/things", { thing: "that" });
  const [read, written] = requests.map(({ init }) => new Headers(init.headers));
  assert.equal(read?.get("x-csrf-token"), null);
  assert.equal(written?.get("x-csrf-token"), "token-1");
  assert.equal(written?.get("content-type"), "application/json");
});

for (const [name, body] of [
  ["the Compute API", { conflictingRequest: { code: 409, message: "It is being built" } }],
  ["the Identity API", { error: { code: 409, title: "Conflict", message: "It is being built" } }],
  ["the Network API", { NeutronError: { type: "Conflict", message: "It is being built", detail: "" } }],
] as const) {
  test(`a fault of ${name} is told in its own words, with the request's id`, async () => {
    const headers = { "x-openstack-request-id": "req-1" };
    const { client } = makeWorld(() => Response.json(body, { status: 409, headers }));
    await assert.rejects(client.send("POST", "/things"), (error) => {
      assert.ok(error instanceof PanelError);
      assert.deepEqual(
        [error.code, error.status, error.message, error.requestId],
        ["REFUSED", 409, "It is being built", "req-1"],
      );
      return true;
    });
  });
}

test("a fault that quotes a guest neither hides nor turns around what it says", async () => {
  const message = 'Domain 3 refused "password": \u202Eenod lla\u0007 (code 1)';
  const { client } = makeWorld(() => Response.json({ conflictingRequest: { message } }, { status: 409 }));
  const shown = /^Domain 3 refused "password": \uFFFDenod lla\uFFFD \(code 1\)$/u;
  await assert.rejects(client.send("POST", "/things"), panelError("REFUSED", shown));
});

test("a fault without words is told by its status", async () => {
  const { client } = makeWorld(() => new Response("<html>", { status: 502 }));
  await assert.rejects(client.get("/things/1", thing), panelError("REFUSED", /answered 502/u));
});

test("no answer is told as one", async () => {
  const { client } = makeWorld(() => Promise.reject(new TypeError("Failed to fetch")));
  await assert.rejects(client.get("/things/1", thing), panelError("UNREACHABLE", /cannot be reached/u));
});

test("an answer that did not come in time is told as one", async () => {
  const { client } = makeWorld(() => Promise.reject(new DOMException("Timed out", "TimeoutError")));
  await assert.rejects(client.get("/things/1", thing), panelError("UNREACHABLE", /in time/u));
});

test("whoever gives up a request is told so, and not that the service cannot be reached", async () => {
  const { client } = makeWorld(() => Promise.reject(new DOMException("Aborted", "AbortError")));
  await assert.rejects(client.get("/things/1", thing), { name: "AbortError" });
});

test("an answer that the session is over is told, once somebody is signed in", async () => {
  const { client, expiries } = makeWorld(over);
  await assert.rejects(client.get("/session", thing), panelError("SIGNED_OUT", /No session/u));
  assert.equal(expiries(), 0);
  client.setCsrfToken("token-1");
  await assert.rejects(client.get("/things/1", thing), panelError("SIGNED_OUT", /No session/u));
  assert.equal(expiries(), 1);
});

test("a late answer of the session before does not end the one that goes on", async () => {
  const { client, expiries } = makeWorld(async () => {
    client.setCsrfToken("token-2");
    return over();
  });
  client.setCsrfToken("token-1");
  await assert.rejects(client.get("/things/1", thing), panelError("SIGNED_OUT", /No session/u));
  assert.equal(expiries(), 0);
});
