import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { PanelError } from "../../src/browser/errors.ts";
import type { ChangeListener } from "../../src/browser/http/live.ts";
import { CHANGED_SERVERS_MAX, COALESCE_MS, READ_RETRY_MS } from "../../src/browser/limits.ts";
import type { Change } from "../../src/browser/model/change.ts";
import type { ServerRow } from "../../src/browser/model/server.ts";
import { ServerList } from "../../src/browser/state/server-list.ts";
import { sampleRow } from "../support/sample-row.ts";

const PATH = "/guests/v1/servers";

interface World {
  readonly list: ServerList;
  /** What the service has; a test changes it. */
  readonly servers: ServerRow[];
  readonly paths: readonly string[];
  readonly tell: (change: Change | undefined) => void;
  /** Lets changes that were told be read. */
  readonly pass: () => Promise<void>;
  /** Whether the service fails from now on. */
  readonly setFailing: (isFailing: boolean) => void;
  readonly listeners: () => number;
}

function makeWorld(t: TestContext, ...ids: string[]): World {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const servers = ids.map((id) => sampleRow({ id }));
  const paths: string[] = [];
  const listeners = new Set<ChangeListener>();
  let isFailing = false;
  const get = async (path: string): Promise<unknown> => {
    paths.push(path);
    if (isFailing) throw new PanelError("UNREACHABLE", "No answer");
    const asked = new URLSearchParams(path.split("?")[1]).getAll("id");
    return { servers: servers.filter(({ id }) => asked.length === 0 || asked.includes(id)) };
  };
  const list = new ServerList({
    client: { get: get as never },
    live: {
      listen: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  });
  t.after(() => list.close());
  const pass = async (): Promise<void> => {
    t.mock.timers.tick(COALESCE_MS);
    await settle();
  };
  return {
    list,
    servers,
    paths,
    tell: (change) => {
      for (const listener of listeners) listener(change);
    },
    pass,
    setFailing: (next) => {
      isFailing = next;
    },
    listeners: () => listeners.size,
  };
}

/** Lets everything that waits for an answer go on. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function changeOf(id: string, kind: Change["kind"] = "server"): Change {
  return { kind, server_id: id, id };
}

function idsOf({ state }: ServerList): readonly string[] {
  return state.value.rows.map((row) => row.value.id);
}

test("all servers are read, in the order of the service", async (t) => {
  const { list, paths } = makeWorld(t, "b", "a");
  assert.equal(list.state.value.kind, "loading");
  list.open();
  await settle();
  assert.equal(list.state.value.kind, "ready");
  assert.deepEqual(idsOf(list), ["b", "a"]);
  assert.deepEqual(paths, [PATH]);
});

test("those of all projects are asked for as such, also one by one", async (t) => {
  const { list, paths, tell, pass } = makeWorld(t, "a");
  list.open({ isOfAllProjects: true });
  await settle();
  tell(changeOf("a"));
  await pass();
  assert.deepEqual(paths, [`${PATH}?all_projects=true`, `${PATH}?id=a&all_projects=true`]);
});

test("changes that come together are read together, and nothing else", async (t) => {
  const { list, paths, tell, pass } = makeWorld(t, "c", "b", "a");
  list.open();
  await settle();
  tell(changeOf("a"));
  tell(changeOf("c", "operation"));
  tell(changeOf("a"));
  await pass();
  assert.deepEqual(paths, [PATH, `${PATH}?id=a&id=c`]);
});

test("an action by itself is no reason to read", async (t) => {
  const { list, paths, tell, pass } = makeWorld(t, "a");
  list.open();
  await settle();
  tell(changeOf("a", "action"));
  await pass();
  assert.deepEqual(paths, [PATH]);
});

test("many changes have the whole list read", async (t) => {
  const { list, paths, tell, pass } = makeWorld(t, "a");
  list.open();
  await settle();
  for (let number = 0; number <= CHANGED_SERVERS_MAX; number += 1) tell(changeOf(`server-${number}`));
  await pass();
  assert.deepEqual(paths, [PATH, PATH]);
});

test("when any may have changed, the whole list is read", async (t) => {
  const { list, paths, tell, pass } = makeWorld(t, "a");
  list.open();
  await settle();
  tell(undefined);
  await pass();
  assert.deepEqual(paths, [PATH, PATH]);
});

test("a change while a reading goes on is read after it", async (t) => {
  const { list, servers, paths, tell, pass } = makeWorld(t, "a");
  list.open();
  tell(changeOf("b"));
  servers.unshift(sampleRow({ id: "b" }));
  t.mock.timers.tick(COALESCE_MS);
  await pass();
  assert.deepEqual(paths, [PATH, `${PATH}?id=b`]);
  assert.deepEqual(idsOf(list), ["b", "a"]);
});

test("a failure keeps the rows in sight, and the next change has everything read", async (t) => {
  const { list, servers, paths, tell, pass, setFailing } = makeWorld(t, "b", "a");
  list.open();
  await settle();
  setFailing(true);
  tell(changeOf("a"));
  await pass();
  assert.equal(list.state.value.kind, "failed");
  assert.equal(list.state.value.error?.message, "No answer");
  assert.deepEqual(idsOf(list), ["b", "a"]);
  setFailing(false);
  servers[1] = sampleRow({ id: "a", name: "renamed" });
  tell(changeOf("b"));
  await pass();
  assert.equal(list.state.value.kind, "ready");
  assert.equal(list.state.value.rows[1]?.value.name, "renamed");
  assert.equal(paths.at(-1), PATH);
});

test("what could not be read for a moment is read again by itself", async (t) => {
  const { list, paths, setFailing } = makeWorld(t, "a");
  setFailing(true);
  list.open();
  await settle();
  t.mock.timers.tick(READ_RETRY_MS);
  await settle();
  assert.equal(paths.length, 2);
  setFailing(false);
  t.mock.timers.tick(READ_RETRY_MS);
  await settle();
  assert.equal(list.state.value.kind, "ready");
  t.mock.timers.tick(READ_RETRY_MS);
  await settle();
  assert.equal(paths.length, 3);
});

test("a reload reads everything again", async (t) => {
  const { list, setFailing } = makeWorld(t, "a");
  setFailing(true);
  list.open();
  await settle();
  setFailing(false);
  await list.reload();
  assert.equal(list.state.value.kind, "ready");
  assert.deepEqual(idsOf(list), ["a"]);
});

test("a closed list forgets everything, and an answer that comes late", async (t) => {
  const { list, tell, pass, listeners } = makeWorld(t, "a");
  list.open();
  list.close();
  list.close();
  await settle();
  assert.equal(listeners(), 0);
  tell(changeOf("a"));
  await pass();
  assert.deepEqual(list.state.value, { kind: "loading", error: undefined, rows: [] });
});

test("a list that is opened anew shows nothing of the one before", async (t) => {
  const { list, servers, listeners } = makeWorld(t, "a");
  list.open();
  await settle();
  servers.splice(0, 1, sampleRow({ id: "z" }));
  list.open();
  assert.deepEqual(idsOf(list), []);
  await settle();
  assert.deepEqual(idsOf(list), ["z"]);
  assert.equal(listeners(), 1);
});
