import assert from "node:assert/strict";
import test, { after } from "node:test";
import { createApi } from "../../src/app.ts";
import { Browser } from "../support/browser.ts";
import { byPassword, passwords, startCloud, tokenOf } from "../support/cloud.ts";

const cloud = await startCloud(after);
const { app, database } = cloud;
const origin = "http://127.0.0.1:8774";

/** A change, and what it is answered when it is let through. */
const change = { method: "POST", body: { port: { network_id: "n-demo" } } } as const;
const changePath = "/network/v2.0/ports";

async function signedIn(): Promise<{ readonly browser: Browser; readonly csrf: Record<string, string> }> {
  const browser = new Browser(app);
  const { csrf_token: csrfToken } = await browser.signIn("alice", passwords.alice, "demo");
  return { browser, csrf: { "X-CSRF-Token": csrfToken } };
}

async function portCount(): Promise<number> {
  return (await database.instances.freePorts("p-demo")).length;
}

test("a page of ours may change things", async () => {
  const { browser, csrf } = await signedIn();
  const own = [{}, { Origin: origin }, { "Sec-Fetch-Site": "same-origin" }];
  for (const headers of own) {
    const response = await browser.send(changePath, { ...change, headers: { ...csrf, ...headers } });
    assert.equal(response.status, 201, JSON.stringify(headers));
  }
});

test("a change without the session's own CSRF token is refused in every service, and changes nothing", async () => {
  const { browser } = await signedIn();
  const other = await signedIn();
  const before = await portCount();
  for (const headers of [{}, { "X-CSRF-Token": "" }, { "X-CSRF-Token": "no" }, other.csrf]) {
    assert.equal((await browser.send(changePath, { ...change, headers })).status, 403);
    const requests = [
      ["POST", "/compute/v2.1/servers/vm-demo/action"],
      ["DELETE", "/compute/v2.1/servers/vm-demo"],
      ["DELETE", "/identity/v3/auth/tokens"],
      ["DELETE", "/session"],
      ["PUT", "/session/project"],
    ] as const;
    for (const [method, path] of requests) {
      assert.equal((await browser.send(path, { method, headers })).status, 403, `${method} ${path}`);
    }
  }
  assert.equal(await portCount(), before);
  assert.equal((await browser.send("/session")).status, 200);
});

const elsewhere = [
  { "Sec-Fetch-Site": "cross-site" },
  { "Sec-Fetch-Site": "same-site" },
  { "Sec-Fetch-Site": "none" },
  { Origin: "https://evil.example" },
  { Origin: "null" },
  { Origin: "http://127.0.0.1:9999" },
  { "Sec-Fetch-Site": "same-origin", Origin: "https://evil.example" },
];

test("a change that another site's page has sent is refused, whatever else it has", async () => {
  const { browser, csrf } = await signedIn();
  const before = await portCount();
  for (const headers of elsewhere) {
    const response = await browser.send(changePath, { ...change, headers: { ...csrf, ...headers } });
    assert.equal(response.status, 403, JSON.stringify(headers));
  }
  assert.equal(await portCount(), before);
});

test("no other site's page signs anybody in", async () => {
  for (const headers of elsewhere) {
    const body = { name: "alice", password: passwords.alice };
    const response = await new Browser(app).send("/session", { method: "POST", body, headers });
    assert.equal(response.status, 403, JSON.stringify(headers));
    assert.equal(response.headers.get("set-cookie"), null);
  }
});

test("to look needs no CSRF token, wherever the link was", async () => {
  const { browser } = await signedIn();
  for (const path of ["/session", "/compute/v2.1/servers", changePath, "/operations/v1/operations"]) {
    const response = await browser.send(path, { headers: { "Sec-Fetch-Site": "cross-site" } });
    assert.equal(response.status, 200, path);
    assert.equal((await browser.send(path, { method: "HEAD" })).status, 200, path);
  }
});

test("the token of the header wins over the cookie, and needs no CSRF token", async () => {
  const { browser } = await signedIn();
  const bob = tokenOf(await cloud.authenticate(byPassword("bob", passwords.bob, "other")));
  const headers = { "X-Auth-Token": bob, Origin: "https://elsewhere.example" };
  const shown = (await (await browser.send("/session", { headers })).json()) as {
    session: { user: { name: string } };
  };
  assert.equal(shown.session.user.name, "bob");
  const body = { port: { network_id: "n-other" } };
  assert.equal((await browser.send(changePath, { method: "POST", body, headers })).status, 201);
  for (const wrong of ["", "unknown", "x".repeat(600)]) {
    const response = await browser.send("/session", { headers: { "X-Auth-Token": wrong } });
    assert.equal(response.status, 401);
  }
});

test("behind a proxy the public URL is our own, too", async () => {
  const proxied = createApi({ ...cloud.options, publicUrl: "https://cloud.example.org/" });
  const browser = new Browser(proxied);
  const headers = { Origin: "https://cloud.example.org", "Sec-Fetch-Site": "same-origin" };
  const body = { name: "alice", password: passwords.alice };
  const response = await browser.send("/session", { method: "POST", body, headers });
  assert.equal(response.status, 201);
  assert.match(response.headers.get("set-cookie") ?? "", /^__Host-nova-session=.*; Secure$/);
  assert.equal((await browser.send("/session")).status, 200);
});
