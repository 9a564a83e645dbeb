import assert from "node:assert/strict";
import test from "node:test";
import { PanelError } from "../../src/browser/errors.ts";
import { ApiClient } from "../../src/browser/http/api-client.ts";
import { type Session, sessionAnswer } from "../../src/browser/model/session.ts";
import { SessionStore } from "../../src/browser/state/session-store.ts";

const project = { id: "project-1", name: "demo" };
const other = { id: "project-2", name: "other" };
const session: Session = {
  user: { id: "user-1", name: "alice" },
  project,
  roles: ["member"],
  projects: [project, other],
  expires_at: "2026-11-23T12:00:00.000Z",
  csrf_token: "token-1",
};

type Answer = Session | number | "unreachable";

/** A store whose service answers what a test wants, call by call. */
function makeWorld(...answers: Answer[]): {
  readonly store: SessionStore;
  readonly client: ApiClient;
  readonly calls: readonly string[];
} {
  const calls: string[] = [];
  const client: ApiClient = new ApiClient({
    fetch: async (path, init) => {
      assert.ok(typeof path === "string");
      calls.push(`${init?.method} ${path}`);
      const answer = answers.shift();
      assert.ok(answer !== undefined, `an answer to ${calls.at(-1)}`);
      if (answer === "unreachable") throw new TypeError("Failed to fetch");
      if (typeof answer === "object") return Response.json({ session: answer });
      const body = answer === 204 ? null : JSON.stringify({ error: { message: `It is ${answer}` } });
      return new Response(body, { status: answer });
    },
    onSignedOut: () => store.expire(),
  });
  const store = new SessionStore(client);
  return { store, client, calls };
}

test("a page that is loaded goes on with the session that there is", async () => {
  const { store } = makeWorld(session);
  assert.deepEqual(store.state.value, { kind: "asking" });
  await store.resume();
  assert.deepEqual(store.state.value, { kind: "open", session });
});

test("without a session somebody signs in, for no reason that is worth a word", async () => {
  const { store } = makeWorld(401, session);
  await store.resume();
  assert.deepEqual(store.state.value, { kind: "none", reason: undefined });
  await store.signIn("alice", "secret");
  assert.deepEqual(store.state.value, { kind: "open", session });
});

test("a service that cannot be reached is told, and may be asked again", async () => {
  const { store } = makeWorld("unreachable", session);
  await store.resume();
  assert.equal(store.state.value.kind, "failed");
  await store.resume();
  assert.equal(store.state.value.kind, "open");
});

test("whoever signs in with a wrong password stays signed out", async () => {
  const { store } = makeWorld(401, 401);
  await store.resume();
  await assert.rejects(store.signIn("alice", "wrong"), PanelError);
  assert.deepEqual(store.state.value, { kind: "none", reason: undefined });
});

test("a session that ends in the middle of work is told with what is lost", async () => {
  const { store, client, calls } = makeWorld(session, 401, 401);
  await store.resume();
  await assert.rejects(client.send("POST", "/things"), PanelError);
  await store.check();
  assert.deepEqual(calls.slice(1), ["POST /things", "GET /session"]);
  const { value } = store.state;
  assert.equal(value.kind, "none");
  assert.match(value.kind === "none" ? (value.reason ?? "") : "", /over.*not sent is gone/u);
});

test("a refusal does not end a session that the service knows", async () => {
  const { store, client } = makeWorld(session, 401, session);
  await store.resume();
  const before = store.state.value;
  await assert.rejects(client.send("POST", "/things"), PanelError);
  await store.check();
  assert.equal(store.state.value, before);
});

test("what cannot be found out ends nothing", async () => {
  const { store } = makeWorld(session, "unreachable");
  await store.resume();
  await store.check();
  assert.equal(store.state.value.kind, "open");
});

test("whoever has signed in in another tab is noticed, and told", async () => {
  const bob = { ...session, user: { id: "user-2", name: "bob" }, csrf_token: "token-2" };
  const { store } = makeWorld(session, bob);
  await store.resume();
  await store.check();
  assert.deepEqual(store.state.value, { kind: "open", session: bob });
  assert.match(store.change.value ?? "", /signed in as bob/u);
  store.forgetChange();
  assert.equal(store.change.value, undefined);
});

test("a project chosen in another tab is followed, and told", async () => {
  const { store } = makeWorld(session, { ...session, project: other });
  await store.resume();
  await store.check();
  assert.match(store.change.value ?? "", /project other/u);
});

test("a session that is as it was changes nothing", async () => {
  const { store } = makeWorld(session, { ...session });
  await store.resume();
  const before = store.state.value;
  await store.check();
  assert.equal(store.state.value, before);
  assert.equal(store.change.value, undefined);
});

test("a session begun in another tab is taken up by one that waits at the sign-in", async () => {
  const { store } = makeWorld(401, session);
  await store.resume();
  await store.check();
  assert.equal(store.state.value.kind, "open");
  assert.equal(store.change.value, undefined);
});

test("looking twice at once asks once", async () => {
  const { store, calls } = makeWorld(session, session);
  await store.resume();
  await Promise.all([store.check(), store.check()]);
  assert.equal(calls.length, 2);
});

test("another project is told to nobody as the end of the session", async () => {
  const moved = { ...session, project: other, csrf_token: "token-2" };
  // The list's request is refused while the project changes: its token is gone.
  const { store, client } = makeWorld(session, moved, 401, moved);
  await store.resume();
  const choosing = store.chooseProject(other.id);
  const kinds: string[] = [];
  const stop = store.state.subscribe(({ kind }) => kinds.push(kind));
  await assert.rejects(client.get("/list", sessionAnswer), PanelError);
  await choosing;
  await store.check();
  stop();
  assert.deepEqual(store.state.value, { kind: "open", session: moved });
  assert.ok(!kinds.includes("none"));
});

test("signing out ends the session", async () => {
  const { store } = makeWorld(session, 204);
  await store.resume();
  await store.signOut();
  assert.deepEqual(store.state.value, { kind: "none", reason: undefined });
});

test("signing out of a session that is over ends it, too", async () => {
  const { store } = makeWorld(session, 401, 401);
  await store.resume();
  await store.signOut();
  assert.equal(store.state.value.kind, "none");
});

test("a session that could not be ended goes on, and whoever wanted that is told", async () => {
  const { store } = makeWorld(session, "unreachable");
  await store.resume();
  await assert.rejects(store.signOut(), PanelError);
  assert.equal(store.state.value.kind, "open");
});
