import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { after } from "node:test";
import type { Operation } from "@nova-agent/host";
import { sampleInstance } from "@nova-agent/host/testing";
import { temporaryDirectory } from "@nova-agent/testbed";
import { type Cloud, PASSWORD, PROJECT_ID, startCloud } from "../support/cloud/cloud.ts";
import { parseLine } from "../support/parse-line.ts";

const WEB = "00000000-0000-4000-8000-000000000001";
const GONE = "00000000-0000-4000-8000-000000000002";

const refusal = { code: "GUEST_REFUSED", message: "The guest refused: no such user" };

function operationOf(number: number, changes: Partial<Operation>): Operation {
  const at = new Date(Date.UTC(2026, 0, 1, 0, 0, number));
  return {
    id: `op-${number}`,
    instanceId: WEB,
    kind: "password",
    requestId: "req-1",
    userId: "u-alice",
    projectId: PROJECT_ID,
    state: "queued",
    attempts: 1,
    createdAt: at,
    updatedAt: at,
    deadlineAt: at,
    timeline: [{ at, state: "queued", text: "asked for" }],
    returncode: null,
    message: null,
    error: null,
    ...changes,
  };
}

const web = sampleInstance({ id: WEB, projectId: PROJECT_ID, userId: "u-alice" });

/** A server named web and three operations: one failed and one waiting of web, one done of another. */
async function withOperations(cloud: Cloud): Promise<void> {
  const { instances, operations } = cloud.database;
  await instances.insert(web);
  await operations.insert(operationOf(1, { state: "failed", error: refusal }));
  await operations.insert(operationOf(2, { kind: "version", state: "sent" }));
  await operations.insert(operationOf(3, { instanceId: GONE, state: "done", message: "3.0.0\u001b[2J" }));
  await operations.insert(operationOf(4, { projectId: "p-other" }));
}

const cloud = await startCloud({ after });
await withOperations(cloud);

test("operations lists what was asked of the project's guests, and nothing steers the terminal", async () => {
  assert.deepEqual(await cloud.guestctl(["operations"]), {
    status: 0,
    stdout:
      "CREATED                   SERVER                                KIND      STATE   RESULT\n" +
      `2026-01-01T00:00:03.000Z  ${GONE}  password  done    3.0.0\\x1b[2J\n` +
      `2026-01-01T00:00:02.000Z  ${WEB}  version   sent    -\n` +
      `2026-01-01T00:00:01.000Z  ${WEB}  password  failed  The guest refused: no such user\n`,
    stderr: "",
  });
});

/** The ids of the operations that are listed with these arguments. */
async function ids(...args: readonly string[]): Promise<readonly string[]> {
  const { status, stdout, stderr } = await cloud.guestctl(["operations", "--json", ...args]);
  assert.deepEqual([status, stderr], [0, ""]);
  const { operations } = parseLine(stdout) as { operations: { id: string; timeline: object[] }[] };
  assert.ok(operations.every(({ timeline }) => timeline.length === 1));
  return operations.map(({ id }) => id);
}

test("operations lists those of one server, by name, or the unfinished, as JSON with timelines", async () => {
  assert.deepEqual(await ids("web"), ["op-2", "op-1"]);
  assert.deepEqual(await ids(WEB, "--limit", "1"), ["op-2"]);
  assert.deepEqual(await ids("--unfinished"), ["op-2"]);
});

test("a server that is not there, and a wrong password, are told in the API's words", async () => {
  const absent = await cloud.guestctl(["operations", "nothing"]);
  assert.deepEqual(absent, { status: 4, stdout: "", stderr: 'guestctl: There is no server "nothing"\n' });
  const refused = await cloud.guestctl(["operations"], { environment: { OS_PASSWORD: "planted-wrong" } });
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /requires authentication\..*user "alice" for project "demo".*OS_PASSWORD/);
  assert.doesNotMatch(refused.stderr, /planted-wrong/);
});

test("the API's password is read from a file in place of the environment", async (context) => {
  const file = join(await temporaryDirectory(context), "password");
  await writeFile(file, `${PASSWORD}\nmore\n`);
  const environment = { OS_PASSWORD: undefined };
  const without = await cloud.guestctl(["operations"], { environment });
  assert.deepEqual([without.status, /OS_PASSWORD is not set/.test(without.stderr)], [2, true]);
  const { status } = await cloud.guestctl(["operations", "--os-password-file", file], { environment });
  assert.equal(status, 0);
});

test("nobody at the address, and no HTTP in the executable, are told apart", async () => {
  const nobody = await cloud.guestctl(["operations", "--json"], {
    // Port 1 is reserved (IANA, tcpmux), and nothing here listens at it.
    environment: { OS_AUTH_URL: "http://127.0.0.1:1/identity" },
  });
  assert.equal(nobody.status, 3);
  assert.match(nobody.stdout, /"API_UNREACHABLE"/);
  const withoutHttp = await cloud.guestctl(["operations"], { host: { api: undefined } });
  assert.equal(withoutHttp.status, 6);
  assert.match(withoutHttp.stderr, /speaks to XenStore alone.*runs on Node/);
});

test("a certificate that nobody knows is refused, with what makes it known", async () => {
  const cause = Object.assign(new Error("self-signed certificate"), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  const api = {
    environment: (name: string) => (name === "OS_AUTH_URL" ? "https://cloud.example.org" : "demo"),
    send: () => Promise.reject(new TypeError("fetch failed", { cause })),
  };
  const { status, stderr } = await cloud.guestctl(["operations"], { host: { api } });
  assert.equal(status, 3);
  assert.match(stderr, /self-signed certificate\. NODE_EXTRA_CA_CERTS names the file/);
});
