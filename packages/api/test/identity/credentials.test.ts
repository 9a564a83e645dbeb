import assert from "node:assert/strict";
import test, { after } from "node:test";
import { CREDENTIALS_PER_USER_MAX } from "../../src/limits.ts";
import { byPassword, passwords, startCloud, tokenOf } from "../support/cloud.ts";

const cloud = await startCloud(after);
const { app, authenticate } = cloud;

const own = "/identity/v3/users/u-alice/application_credentials";

interface CredentialBody {
  readonly id: string;
  readonly name: string;
  readonly secret: string;
  readonly roles: readonly { readonly name: string }[];
}

/** Asks as alice in a project, or with another token. */
async function ask(
  path: string,
  options: { readonly method?: string; readonly body?: object; readonly token?: string } = {},
): Promise<Response> {
  const { method = "GET", body, token = await aliceToken() } = options;
  const json = body === undefined ? {} : { body: JSON.stringify({ application_credential: body }) };
  return await app.request(path, { method, headers: { "X-Auth-Token": token }, ...json });
}

async function aliceToken(project: string | null = "demo"): Promise<string> {
  return tokenOf(await authenticate(byPassword("alice", passwords.alice, project)));
}

async function create(body: object): Promise<CredentialBody> {
  const response = await ask(own, { method: "POST", body });
  assert.equal(response.status, 201, await response.clone().text());
  return credentialIn(response);
}

async function credentialIn(response: Response): Promise<CredentialBody> {
  return ((await response.json()) as { readonly application_credential: CredentialBody })
    .application_credential;
}

function logIn(id: string, secret: string, scope: object = {}): Promise<Response> {
  const application_credential = { id, secret };
  return authenticate({
    identity: { methods: ["application_credential"], application_credential },
    ...scope,
  });
}

async function rolesIn(response: Response): Promise<readonly string[]> {
  const { token } = (await response.json()) as { readonly token: Pick<CredentialBody, "roles"> };
  return token.roles.map(({ name }) => name);
}

test("a credential is answered with its secret once, and shown and listed without it", async () => {
  const { secret, ...shown } = await create({ name: "ci", description: "Of the builds", secret: null });
  assert.match(secret, /^[\w-]{64}$/);
  assert.deepEqual(shown, {
    id: shown.id,
    name: "ci",
    description: "Of the builds",
    user_id: "u-alice",
    project_id: "p-demo",
    roles: [{ id: "member", name: "member", domain_id: null }],
    expires_at: null,
    unrestricted: false,
    system: null,
    links: { self: `http://localhost${own}/${shown.id}` },
  });
  assert.deepEqual(await credentialIn(await ask(`${own}/${shown.id}`)), shown);
  const listed = (await (await ask(`${own}?name=ci`)).json()) as Record<string, unknown>;
  assert.deepEqual(listed["application_credentials"], [shown]);
  const none = (await (await ask(`${own}?name=nobody`)).json()) as Record<string, unknown>;
  assert.deepEqual(none["application_credentials"], []);
  assert.ok(!JSON.stringify(cloud.lines).includes(secret));
  const [row] = await cloud.database.audit.list({ target: shown.id, limit: 1 });
  assert.deepEqual([row?.what, row?.userId], ["createApplicationCredential", "u-alice"]);
});

test("the secret is good for a token with its roles, which ends with the credential", async () => {
  const { id, secret } = await create({ name: "lookout", roles: [{ name: "reader" }] });
  const answer = await logIn(id, secret);
  const token = tokenOf(answer);
  assert.deepEqual(await rolesIn(answer), ["reader"]);
  const more = await authenticate({ identity: { methods: ["token"], token: { id: token } } });
  const tokens = [token, tokenOf(more)];
  assert.deepEqual(await rolesIn(more), ["reader"]);
  for (const one of tokens) assert.equal((await ask(own, { token: one })).status, 200);
  assert.equal((await logIn(id, `${secret}x`)).status, 401);
  assert.equal((await logIn(id, secret, { scope: { project: { id: "p-other" } } })).status, 401);
  assert.equal((await ask(`${own}/${id}`, { method: "DELETE" })).status, 204);
  for (const one of tokens) assert.equal((await ask(own, { token: one })).status, 401);
  assert.equal((await logIn(id, secret)).status, 401);
  assert.equal((await ask(`${own}/${id}`, { method: "DELETE" })).status, 404);
  const rows = await cloud.database.audit.list({ target: id, limit: 9 });
  assert.equal(rows[0]?.what, "deleteApplicationCredential");
});

test("a credential makes and ends no credentials", async () => {
  const { id, secret } = await create({ name: "greedy" });
  const token = tokenOf(await logIn(id, secret));
  assert.equal((await ask(own, { method: "POST", body: { name: "more" }, token })).status, 403);
  assert.equal((await ask(`${own}/${id}`, { method: "DELETE", token })).status, 403);
  assert.equal((await ask(`${own}/${id}`, { token })).status, 200);
});

test("a credential expires when it was told to, and so do its tokens", async () => {
  const { id, secret } = await create({ name: "brief", expires_at: "2026-01-01T00:10:00.000000" });
  const token = tokenOf(await logIn(id, secret));
  cloud.advance(599_999);
  assert.equal((await ask(own, { token })).status, 200);
  cloud.advance(1);
  assert.equal((await ask(own, { token })).status, 401);
  assert.equal((await logIn(id, secret)).status, 401);
});

test("what is not offered, or more than one's own, is refused in words", async () => {
  await create({ name: "taken" });
  const refused = [
    [{ name: "x", roles: [{ id: "admin" }] }, 400, /unassigned role/],
    [{ name: "x", roles: [{ name: "owner" }] }, 400, /roles/],
    [{ name: "x", secret: "guess me" }, 400, /secret/],
    [{ name: "x", unrestricted: true }, 400, /unrestricted/],
    [{ name: "x", access_rules: [{ path: "/" }] }, 400, /access_rules/],
    [{ name: "x", expires_at: "tomorrow" }, 400, /expires_at/],
    [{ name: "x", expires_at: "2025-12-31T23:59:59" }, 400, /passed/],
    [{ name: "" }, 400, /name/],
    [{ name: "taken" }, 409, /taken/],
  ] as const;
  for (const [body, status, words] of refused) {
    const response = await ask(own, { method: "POST", body });
    assert.equal(response.status, status, JSON.stringify(body));
    const text = await response.text();
    assert.match(text, words);
    assert.ok(!text.includes("guess me"));
  }
});

test("nobody sees, makes or ends another user's credentials, and none is made without a project", async () => {
  const { id } = await create({ name: "private" });
  const bob = tokenOf(await authenticate(byPassword("bob", passwords.bob, "other")));
  const calls = [
    [own, {}],
    [`${own}/${id}`, {}],
    [own, { method: "POST", body: { name: "x" } }],
    [`${own}/${id}`, { method: "DELETE" }],
  ] as const;
  for (const [path, call] of calls)
    assert.equal((await ask(path, { ...call, token: bob })).status, 403, path);
  const bobs = own.replace("alice", "bob");
  assert.equal((await ask(`${bobs}/${id}`, { token: bob })).status, 404);
  assert.equal((await ask(`${bobs}/${id}`, { token: bob, method: "DELETE" })).status, 404);
  const token = await aliceToken(null);
  assert.equal((await ask(own, { method: "POST", body: { name: "x" }, token })).status, 403);
});

test("a user has no more than so many", async () => {
  const at = { userId: "u-bob", projectId: "p-other", description: "", expiresAt: undefined } as const;
  for (let number = 0; number < CREDENTIALS_PER_USER_MAX; number += 1) {
    const credential = { ...at, id: `many-${number}`, name: `many-${number}`, roles: [] };
    await cloud.database.identity.createCredential(credential, `secret ${number}`);
  }
  const token = tokenOf(await authenticate(byPassword("bob", passwords.bob, "other")));
  const body = { name: "one more" };
  const response = await ask(own.replace("alice", "bob"), { method: "POST", body, token });
  assert.equal(response.status, 403);
  assert.match(await response.text(), /maximum of 100/);
});
