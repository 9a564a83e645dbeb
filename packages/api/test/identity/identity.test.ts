import assert from "node:assert/strict";
import test, { after } from "node:test";
import {
  ADDRESS_FAILURES_MAX,
  AUTHENTICATION_FAILURES_MAX,
  AUTHENTICATION_WINDOW_MS,
} from "../../src/limits.ts";
import { byPassword, passwords, startCloud, tokenOf } from "../support/cloud.ts";

const cloud = await startCloud(after);
const { app, authenticate } = cloud;

interface TokenBody {
  readonly token: {
    readonly user: { readonly id: string };
    readonly project?: { readonly id: string };
    readonly roles?: readonly { readonly name: string }[];
    readonly methods: readonly string[];
    readonly issued_at: string;
    readonly expires_at: string;
    readonly catalog?: readonly {
      readonly type: string;
      readonly endpoints: readonly { readonly url: string }[];
    }[];
  };
}

async function tokenIn(response: Response): Promise<TokenBody["token"]> {
  assert.equal(response.status, 201, await response.clone().text());
  return ((await response.json()) as TokenBody).token;
}

function withToken(token: string, headers: Readonly<Record<string, string>> = {}): RequestInit {
  return { headers: { "X-Auth-Token": token, ...headers } };
}

test("the versions are told without a token", async () => {
  const list = await app.request("/identity");
  assert.equal(list.status, 300);
  const { versions } = (await list.json()) as {
    versions: { values: readonly { id: string; links: object }[] };
  };
  assert.deepEqual(versions.values[0]?.links, [{ rel: "self", href: "http://localhost/identity/v3/" }]);
  for (const path of ["/identity/v3", "/identity/v3/"]) {
    const one = await app.request(path);
    assert.equal(one.status, 200);
    const { version } = (await one.json()) as { version: { id: string; status: string } };
    assert.match(version.id, /^v3\./u);
    assert.equal(version.status, "stable");
  }
});

test("a password for a project by name gives a token with roles and the services", async () => {
  const response = await authenticate(byPassword("alice", passwords.alice));
  const token = await tokenIn(response);
  assert.equal(token.user.id, "u-alice");
  assert.equal(token.project?.id, "p-demo");
  assert.deepEqual(
    token.roles?.map(({ name }) => name),
    ["member"],
  );
  assert.deepEqual(token.methods, ["password"]);
  assert.equal(token.expires_at, "2026-01-01T01:00:00.000000Z");
  const urls = Object.fromEntries(
    token.catalog?.map(({ type, endpoints }) => [type, endpoints[0]?.url]) ?? [],
  );
  assert.deepEqual(urls, {
    identity: "http://localhost/identity/v3",
    compute: "http://localhost/compute/v2.1",
    image: "http://localhost/image",
    network: "http://localhost/network",
    "guest-operations": "http://localhost/operations/v1",
  });
  const projects = await app.request("/identity/v3/auth/projects", withToken(tokenOf(response)));
  assert.equal(projects.status, 200);
});

test("a project is taken by id, the user's own when none is named, and none when that is asked for", async () => {
  const alice = byPassword("alice", passwords.alice, null);
  const byId = await tokenIn(await authenticate({ ...alice, scope: { project: { id: "p-other" } } }));
  assert.deepEqual(
    byId.roles?.map(({ name }) => name),
    ["reader"],
  );
  assert.equal((await tokenIn(await authenticate(alice))).project, undefined);
  const bob = byPassword("bob", passwords.bob, null);
  assert.equal((await tokenIn(await authenticate(bob))).project?.id, "p-other");
  const unscoped = await tokenIn(await authenticate({ ...bob, scope: "unscoped" }));
  assert.equal(unscoped.project, undefined);
  assert.equal(unscoped.catalog, undefined);
});

test("whatever is wrong, it is refused in the same words", async () => {
  const wrong = [
    byPassword("alice", "wrong"),
    byPassword("nobody", "wrong"),
    byPassword("off", "switched off"),
    byPassword("alice", passwords.alice, "nowhere"),
    byPassword("alice", passwords.alice, "off"),
    byPassword("bob", passwords.bob, "demo"),
    {
      identity: {
        methods: ["password"],
        password: { user: { name: "alice", domain: { name: "Elsewhere" }, password: passwords.alice } },
      },
    },
    { ...byPassword("alice", passwords.alice), scope: { domain: { id: "default" } } },
    { ...byPassword("alice", passwords.alice), scope: { system: { all: true } } },
    { identity: { methods: ["token"], token: { id: "unknown" } } },
    {
      identity: {
        methods: ["application_credential"],
        application_credential: { id: "unknown", secret: "s" },
      },
    },
    {
      identity: {
        methods: ["password", "totp"],
        password: { user: { name: "alice", password: passwords.alice } },
      },
    },
    { identity: { methods: ["external"] } },
  ];
  for (const [index, auth] of wrong.entries()) {
    const response = await authenticate(auth, `198.51.100.${index}`);
    assert.equal(response.status, 401, JSON.stringify(auth));
    assert.deepEqual(await response.json(), {
      error: {
        code: 401,
        title: "Unauthorized",
        message: "The request you have made requires authentication.",
      },
    });
  }
});

test("what is no authentication is a 400", async () => {
  for (const auth of [
    {},
    { identity: {} },
    { identity: { methods: [] } },
    { identity: { methods: ["password"], password: { user: { password: 1 } } } },
  ]) {
    assert.equal((await authenticate(auth)).status, 400, JSON.stringify(auth));
  }
});

test("a token is exchanged for another project, and the new one ends with the first", async () => {
  const first = tokenOf(await authenticate(byPassword("alice", passwords.alice)));
  cloud.advance(600_000);
  const second = await tokenIn(
    await authenticate({
      identity: { methods: ["token"], token: { id: first } },
      scope: { project: { name: "other", domain: { name: "Default" } } },
    }),
  );
  assert.equal(second.project?.id, "p-other");
  assert.deepEqual(second.methods, ["token", "password"]);
  assert.equal(second.expires_at, "2026-01-01T01:00:00.000000Z");
});

test("an application credential is for its project and roles alone, and so is a token of its token", async () => {
  const own = {
    id: "c-1",
    name: "ci",
    description: "",
    userId: "u-alice",
    projectId: "p-other",
    expiresAt: undefined,
  } as const;
  await cloud.database.identity.createCredential({ ...own, roles: ["member", "reader"] }, "s3cret");
  const asked = [
    { id: "c-1", secret: "s3cret" },
    { name: "ci", secret: "s3cret", user: { name: "alice", domain: { id: "default" } } },
    { name: "ci", secret: "s3cret", user: { id: "u-alice" } },
  ];
  for (const application_credential of asked) {
    const response = await authenticate({
      identity: { methods: ["application_credential"], application_credential },
    });
    const token = await tokenIn(response);
    assert.equal(token.project?.id, "p-other");
    // Alice is not a member there, whatever the credential says.
    assert.deepEqual(
      token.roles?.map(({ name }) => name),
      ["reader"],
    );
    const more = { identity: { methods: ["token"], token: { id: tokenOf(response) } } };
    assert.equal((await authenticate({ ...more, scope: { project: { id: "p-demo" } } })).status, 401);
    assert.equal((await tokenIn(await authenticate(more))).project?.id, "p-other");
  }
});

test("a token shows itself, and is worth nothing once it is revoked", async () => {
  const token = tokenOf(await authenticate(byPassword("alice", passwords.alice)));
  const own = withToken(token, { "X-Subject-Token": token });
  const shown = await app.request("/identity/v3/auth/tokens?nocatalog", own);
  assert.equal(shown.status, 200);
  assert.equal(shown.headers.get("x-subject-token"), token);
  assert.equal("catalog" in ((await shown.json()) as TokenBody).token, false);
  assert.equal((await app.request("/identity/v3/auth/tokens", { ...own, method: "HEAD" })).status, 200);
  const revoked = await app.request("/identity/v3/auth/tokens", { ...own, method: "DELETE" });
  assert.equal(revoked.status, 204);
  assert.equal((await app.request("/identity/v3/auth/projects", own)).status, 401);
});

test("somebody else's token is not shown and not revoked", async () => {
  const alice = tokenOf(await authenticate(byPassword("alice", passwords.alice)));
  const bob = tokenOf(await authenticate(byPassword("bob", passwords.bob, "other")));
  const init = withToken(bob, { "X-Subject-Token": alice });
  assert.equal((await app.request("/identity/v3/auth/tokens", init)).status, 404);
  assert.equal((await app.request("/identity/v3/auth/tokens", { ...init, method: "DELETE" })).status, 404);
  assert.equal((await app.request("/identity/v3/auth/projects", withToken(alice))).status, 200);
});

test("one sees oneself, one's projects and nobody else", async () => {
  const init = withToken(tokenOf(await authenticate(byPassword("bob", passwords.bob, "other"))));
  const names = async (path: string): Promise<readonly string[]> => {
    const { projects } = (await (await app.request(path, init)).json()) as { projects: { name: string }[] };
    return projects.map(({ name }) => name);
  };
  assert.deepEqual(await names("/identity/v3/auth/projects"), ["other"]);
  assert.deepEqual(await names("/identity/v3/users/u-bob/projects"), ["other"]);
  assert.equal((await app.request("/identity/v3/users/u-bob", init)).status, 200);
  assert.equal((await app.request("/identity/v3/users/u-alice", init)).status, 403);
  assert.equal((await app.request("/identity/v3/users/u-alice/projects", init)).status, 403);
  assert.equal((await app.request("/identity/v3/projects/p-other", init)).status, 200);
  assert.equal((await app.request("/identity/v3/projects/p-demo", init)).status, 404);
  assert.equal((await app.request("/identity/v3/auth/catalog", init)).status, 200);
});

test("who fails too often waits, with the right password too, and nobody else does", async () => {
  const guess = (password: string, address: string): Promise<Response> =>
    authenticate(byPassword("alice", password), address);
  for (let failure = 0; failure < AUTHENTICATION_FAILURES_MAX; failure += 1) {
    assert.equal((await guess("wrong", "203.0.113.1")).status, 401);
  }
  const refused = await guess(passwords.alice, "203.0.113.1");
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get("retry-after"), String(AUTHENTICATION_WINDOW_MS / 1000));
  assert.equal((await guess(passwords.alice, "203.0.113.2")).status, 201);
  assert.equal((await authenticate(byPassword("bob", passwords.bob, "other"), "203.0.113.1")).status, 201);
  cloud.advance(AUTHENTICATION_WINDOW_MS);
  assert.equal((await guess(passwords.alice, "203.0.113.1")).status, 201);
});

test("many guesses at once are no way around the limit", async () => {
  const responses = await Promise.all(
    Array.from({ length: AUTHENTICATION_FAILURES_MAX + 5 }, () =>
      authenticate(byPassword("alice", "wrong"), "203.0.113.3"),
    ),
  );
  const verified = responses.filter(({ status }) => status === 401);
  assert.equal(verified.length, AUTHENTICATION_FAILURES_MAX);
});

function guessCredential(name: number): Promise<Response> {
  const application_credential = { id: `c${name}`, secret: "x" };
  return authenticate(
    { identity: { methods: ["application_credential"], application_credential } },
    "203.0.113.4",
  );
}

test("an address that guesses under many names waits", async () => {
  for (let name = 0; name < ADDRESS_FAILURES_MAX; name += 1)
    assert.equal((await guessCredential(name)).status, 401);
  assert.equal((await guessCredential(ADDRESS_FAILURES_MAX)).status, 429);
});

test("no password, secret or token is in the log", async () => {
  const token = tokenOf(await authenticate(byPassword("alice", passwords.alice)));
  await authenticate(byPassword("alice", "hunter2"), "203.0.113.5");
  const log = JSON.stringify(cloud.lines);
  assert.match(log, /authentication refused/u);
  for (const secret of [token, "hunter2", passwords.alice, "s3cret"])
    assert.equal(log.includes(secret), false);
});
