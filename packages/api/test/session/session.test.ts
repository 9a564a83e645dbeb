import assert from "node:assert/strict";
import test, { after } from "node:test";
import {
  AUTHENTICATION_FAILURES_MAX,
  AUTHENTICATION_WINDOW_MS,
  SESSION_LIFETIME_MS,
} from "../../src/limits.ts";
import { Browser, sessionIn } from "../support/browser.ts";
import { byPassword, passwords, startCloud } from "../support/cloud.ts";

const cloud = await startCloud(after);
const { app } = cloud;

const credentials = { name: "alice", password: passwords.alice, project: "demo" };

test("who signs in learns who they are, and the token is in the cookie alone", async () => {
  const browser = new Browser(app);
  const response = await browser.send("/session", { method: "POST", body: credentials });
  assert.equal(response.status, 201);
  const cookie = response.headers.get("set-cookie") ?? "";
  assert.match(cookie, /^nova-session=[\w-]{40,}; Path=\/; HttpOnly; SameSite=Strict$/);
  const token = cookie.replace(/^nova-session=|;.*$/g, "");
  const text = await response.text();
  for (const said of [
    text,
    JSON.stringify([...response.headers].filter(([name]) => name !== "set-cookie")),
  ]) {
    assert.ok(!said.includes(token));
  }
  const { session } = JSON.parse(text) as { session: Record<string, unknown> };
  const { csrf_token: csrfToken, ...shown } = session;
  assert.match(String(csrfToken), /^[\w-]{43}$/);
  assert.deepEqual(shown, {
    user: { id: "u-alice", name: "alice" },
    project: { id: "p-demo", name: "demo" },
    roles: ["member"],
    projects: [
      { id: "p-demo", name: "demo" },
      { id: "p-other", name: "other" },
    ],
    expires_at: "2026-01-01T08:00:00.000Z",
  });
  assert.deepEqual(await sessionIn(await browser.send("/session")), session);
});

test("over TLS the cookie is this host's alone, also where a proxy speaks it", async () => {
  const direct = new Browser(app, { origin: "https://cloud.example.org" });
  const response = await direct.send("/session", { method: "POST", body: credentials });
  assert.match(
    response.headers.get("set-cookie") ?? "",
    /^__Host-nova-session=[\w-]{40,}; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
  );
  assert.equal((await direct.send("/session")).status, 200);
  // Whoever speaks for a part of the domain may set the other one.
  direct.cookie = direct.cookie?.replace("__Host-", "");
  assert.equal((await direct.send("/session")).status, 401);
});

test("without a project it is one's default one, or the first of one's own", async () => {
  const bob = await new Browser(app).signIn("bob", passwords.bob);
  assert.deepEqual([bob.project?.id, bob.roles], ["p-other", ["member"]]);
  const alice = await new Browser(app).signIn("alice", passwords.alice);
  assert.deepEqual([alice.project?.id, alice.expires_at], ["p-demo", "2026-01-01T08:00:00.000Z"]);
  const idle = { id: "u-idle", name: "idle", isEnabled: true, defaultProjectId: undefined };
  await cloud.database.identity.createUser(idle, "nothing to do");
  const none = await new Browser(app).signIn("idle", "nothing to do");
  assert.deepEqual([none.project, none.roles, none.projects], [null, [], []]);
});

test("whatever is wrong, who cannot sign in is told the same, and has no cookie", async () => {
  for (const wrong of [
    { ...credentials, password: "wrong" },
    { ...credentials, name: "nobody" },
    { ...credentials, project: "nowhere" },
    { ...credentials, project: "off" },
    { name: "off", password: "switched off" },
  ]) {
    const response = await new Browser(app).send("/session", { method: "POST", body: wrong });
    assert.equal(response.status, 401);
    assert.equal(response.headers.get("set-cookie"), null);
    const { error } = (await response.json()) as { error: { message: string } };
    assert.equal(error.message, "The request you have made requires authentication.");
  }
  for (const body of [{}, { name: "alice" }, { name: "", password: "x" }, { name: 1, password: "x" }]) {
    assert.equal((await new Browser(app).send("/session", { method: "POST", body })).status, 400);
  }
});

test("who guesses has no second try with the other way of signing in", async () => {
  cloud.advance(AUTHENTICATION_WINDOW_MS);
  const wrong = { ...credentials, password: "wrong" };
  const here = { remoteAddress: "192.0.2.7" };
  for (let count = 0; count < AUTHENTICATION_FAILURES_MAX; count += 1) {
    const response =
      count % 2 === 0
        ? await new Browser(app).send("/session", { method: "POST", body: wrong })
        : await cloud.authenticate(byPassword("alice", "wrong"), here.remoteAddress);
    assert.equal(response.status, 401);
  }
  const refused = await new Browser(app).send("/session", { method: "POST", body: credentials });
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get("retry-after"), "60");
  assert.equal(
    (await cloud.authenticate(byPassword("alice", passwords.alice), here.remoteAddress)).status,
    429,
  );
  assert.ok(cloud.lines.some(({ message }) => message === "authentication refused"));
  assert.ok(!JSON.stringify(cloud.lines).includes("wrong"));
  cloud.advance(AUTHENTICATION_WINDOW_MS);
  assert.equal((await new Browser(app).signIn("alice", passwords.alice)).user.id, "u-alice");
});

test("signing out ends the token and takes the cookie", async () => {
  const browser = new Browser(app);
  const { csrf_token: csrfToken } = await browser.signIn("alice", passwords.alice);
  const former = browser.cookie;
  const headers = { "X-CSRF-Token": csrfToken };
  const response = await browser.send("/session", { method: "DELETE", headers });
  assert.equal(response.status, 204);
  assert.equal(
    response.headers.get("set-cookie"),
    "nova-session=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict",
  );
  browser.cookie = former;
  for (const path of ["/session", "/compute/v2.1/servers", "/network/v2.0/networks", "/guests/v1/events"]) {
    assert.equal((await browser.send(path)).status, 401, path);
  }
});

test("who signs in again has one session, not two", async () => {
  const browser = new Browser(app);
  await browser.signIn("alice", passwords.alice);
  const former = browser.cookie;
  await browser.signIn("bob", passwords.bob);
  assert.equal((await sessionIn(await browser.send("/session"))).user.id, "u-bob");
  browser.cookie = former;
  assert.equal((await browser.send("/session")).status, 401);
});

test("a session goes on in another project, and ends no later for it", async () => {
  const browser = new Browser(app);
  const begun = await browser.signIn("alice", passwords.alice, "demo");
  const former = browser.cookie;
  cloud.advance(60_000);
  const headers = { "X-CSRF-Token": begun.csrf_token };
  const put = { method: "PUT", headers };
  const moved = await sessionIn(await browser.send("/session/project", { ...put, body: { id: "p-other" } }));
  assert.deepEqual([moved.project?.name, moved.roles], ["other", ["reader"]]);
  assert.equal(moved.expires_at, begun.expires_at);
  assert.notEqual(moved.csrf_token, begun.csrf_token);
  const { servers } = (await (await browser.send("/compute/v2.1/servers")).json()) as {
    servers: readonly { id: string }[];
  };
  assert.deepEqual(
    servers.map(({ id }) => id),
    ["vm-other"],
  );
  const again = { method: "PUT", headers: { "X-CSRF-Token": moved.csrf_token } };
  // What is not one's own is not there, and the session goes on.
  for (const id of ["p-off", "nowhere"]) {
    assert.equal((await browser.send("/session/project", { ...again, body: { id } })).status, 404, id);
  }
  assert.equal((await browser.send("/session")).status, 200);
  browser.cookie = former;
  assert.equal((await browser.send("/session")).status, 401);
});

test("a session ends with its time, and with its user", async () => {
  const browser = new Browser(app);
  await browser.signIn("alice", passwords.alice);
  cloud.advance(SESSION_LIFETIME_MS - 1);
  assert.equal((await browser.send("/session")).status, 200);
  cloud.advance(1);
  assert.equal((await browser.send("/session")).status, 401);
  await browser.signIn("bob", passwords.bob);
  await cloud.database.identity.setEnabled("u-bob", false);
  assert.equal((await browser.send("/session")).status, 401);
  await cloud.database.identity.setEnabled("u-bob", true);
});
