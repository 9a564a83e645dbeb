import assert from "node:assert/strict";
import { setImmediate as settle } from "node:timers/promises";
import { test } from "node:test";
import {
  createTransportPair,
  encodeUtf8,
  MessageType,
  XenstoreClient,
  type XenstoreErrorCode,
} from "@nova-agent/xenstore";
import { createManualClock } from "@nova-agent/xenstore/testing";
import { openHarness } from "./client-harness.ts";

type Call = (client: XenstoreClient) => Promise<unknown>;

/** What is asked, the request's type and payload, the answer's payload, and what the caller gets. */
const exchanges: readonly [string, Call, number, string, string, unknown][] = [
  ["read", (c) => c.read("/a"), 2, "/a|", "v|w", encodeUtf8("v\0w")],
  ["readText", (c) => c.readText("/a"), 2, "/a|", "grün", "grün"],
  ["write of text", (c) => c.write("/a", "ü"), 11, "/a|ü", "OK|", undefined],
  [
    "write of bytes",
    (c) => c.write("/a", new Uint8Array([1, 0, 2])),
    11,
    "/a|\u0001|\u0002",
    "OK|",
    undefined,
  ],
  ["write of nothing", (c) => c.write("/a", ""), 11, "/a|", "OK|", undefined],
  ["makeDirectory", (c) => c.makeDirectory("/a/b"), 12, "/a/b|", "OK|", undefined],
  ["remove", (c) => c.remove("data"), 13, "data|", "OK|", undefined],
  ["list", (c) => c.list("/"), 1, "/|", "tool|local|", ["tool", "local"]],
  ["list of no children", (c) => c.list("/"), 1, "/|", "", []],
  ["exists", (c) => c.exists("/a"), 2, "/a|", "", true],
  [
    "getPermissions",
    (c) => c.getPermissions("/a"),
    3,
    "/a|",
    "n0|r5|",
    [
      { domid: 0, read: false, write: false },
      { domid: 5, read: true, write: false },
    ],
  ],
  [
    "setPermissions",
    (c) => c.setPermissions("/a", [{ domid: 3, read: true, write: true }]),
    14,
    "/a|b3|",
    "OK|",
    undefined,
  ],
  ["getDomainPath", (c) => c.getDomainPath(7), 10, "7|", "/local/domain/7|", "/local/domain/7"],
  ["introduce", (c) => c.introduce({ domid: 7, gfn: 99, port: 2 }), 8, "7|99|2|", "OK|", undefined],
  ["release", (c) => c.release(7), 9, "7|", "OK|", undefined],
  ["isIntroduced", (c) => c.isIntroduced(7), 17, "7|", "T|", true],
  ["isIntroduced of another", (c) => c.isIntroduced(8), 17, "8|", "F|", false],
  ["resume", (c) => c.resume(7), 18, "7|", "OK|", undefined],
  ["setTarget", (c) => c.setTarget(7, 8), 19, "7|8|", "OK|", undefined],
  ["resetWatches", (c) => c.resetWatches(), 21, "|", "OK|", undefined],
  ["control", (c) => c.control(["quota", "7"]), 0, "quota|7|", "nodes: 3|", "nodes: 3"],
  ["request", (c) => c.request(99, encodeUtf8("x\0")), 99, "x|", "y|", encodeUtf8("y\0")],
];

for (const [name, call, type, payload, answer, result] of exchanges) {
  void test(`${name} sends its request and gives its answer`, async () => {
    const { client, server } = await openHarness();
    const answered = call(client);
    const request = await server().next();
    assert.equal(request.type, type);
    assert.equal(request.transactionId, 0);
    assert.deepEqual(request.payload, bytes(payload));
    server().reply(request, bytes(answer));
    assert.deepEqual(await answered, result);
    await client.close();
  });
}

test("a request and its answer are the bytes of xs_wire.h", async () => {
  const [left, right] = createTransportPair();
  const received: string[] = [];
  right.start({
    receive(chunk) {
      received.push(Buffer.from(chunk).toString("hex"));
      right.send(Buffer.from("020000000100000000000000020000006869", "hex"));
    },
    closed() {},
  });
  const client = await XenstoreClient.open({ connect: async () => left, clock: createManualClock() });
  assert.equal(await client.readText("/a"), "hi");
  assert.deepEqual(received, ["020000000100000000000000030000002f6100"]);
  await client.close();
});

test("answers in any order reach their requests", async () => {
  const { client, server } = await openHarness();
  const answers = Promise.all([client.readText("/a"), client.readText("/b"), client.readText("/c")]);
  const requests = [await server().next(), await server().next(), await server().next()];
  for (const request of requests.toReversed()) {
    server().reply(request, request.payload.subarray(1, 2));
  }
  assert.deepEqual(await answers, ["a", "b", "c"]);
  await client.close();
});

const failures: readonly [string, XenstoreErrorCode, RegExp][] = [
  ["ENOENT", "ENOENT", /^Cannot read "\/a": ENOENT$/],
  ["EQUOTA", "EQUOTA", /EQUOTA/],
  ["EWEIRD", "EINVAL", /unknown error "EWEIRD"/],
];

for (const [errorName, code, message] of failures) {
  void test(`the answer ${errorName} rejects with ${code}`, async () => {
    const { client, server } = await openHarness();
    const answer = assert.rejects(client.read("/a"), { name: "XenstoreError", code, message });
    server().fail(await server().next(), errorName);
    await answer;
    await client.close();
  });
}

test("exists is false for ENOENT and throws any other error", async () => {
  const { client, server } = await openHarness();
  const missing = client.exists("/a");
  server().fail(await server().next(), "ENOENT");
  assert.equal(await missing, false);
  const forbidden = assert.rejects(client.exists("/a"), { code: "EACCES" });
  server().fail(await server().next(), "EACCES");
  await forbidden;
  await client.close();
});

test("the error of a write does not show the value", async () => {
  const { client, server } = await openHarness();
  const failed = assert.rejects(client.write("/a", "hunter2"), (error: Error) => {
    assert.doesNotMatch(error.message, /hunter2/);
    return true;
  });
  server().fail(await server().next(), "EACCES");
  await failed;
  await client.close();
});

test("a value that is not UTF-8 is EPROTO as text", async () => {
  const { client, server } = await openHarness();
  const text = assert.rejects(client.readText("/a"), { code: "EPROTO" });
  server().reply(await server().next(), new Uint8Array([0xff]));
  await text;
  await client.close();
});

test("malformed permissions are EPROTO", async () => {
  const { client, server } = await openHarness();
  const permissions = assert.rejects(client.getPermissions("/a"), { code: "EPROTO" });
  server().reply(await server().next(), ["x9"]);
  await permissions;
  await client.close();
});

test("a path that holds a nul is EINVAL and is not sent", async () => {
  const { client, server } = await openHarness();
  await assert.rejects(client.write("/a\0/b", "1"), { code: "EINVAL" });
  await assert.rejects(client.list("/a\0"), { code: "EINVAL" });
  await settle();
  assert.equal(server().requests.length, 0);
  await client.close();
});

test("a request over 4096 bytes is E2BIG and is not sent", async () => {
  const { client, server } = await openHarness();
  await assert.rejects(client.write("/a", new Uint8Array(4094)), { code: "E2BIG", message: /4097 bytes/ });
  const fits = client.write("/a", new Uint8Array(4093));
  const request = await server().next();
  assert.equal(request.payload.length, 4096);
  assert.equal(request.type, MessageType.write);
  server().reply(request, ["OK"]);
  await fits;
  await client.close();
});

/** Text with | for nul. */
function bytes(text: string): Uint8Array {
  return encodeUtf8(text.replaceAll("|", "\0"));
}
