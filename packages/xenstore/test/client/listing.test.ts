import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeLatin1, LISTING_RESTARTS_MAX, MessageType } from "@nova-agent/xenstore";
import { openHarness } from "./client-harness.ts";

/** Answers DIRECTORY with E2BIG and every DIRECTORY_PART by its offset; gives the offsets asked for. */
async function serveParts(
  { server }: Awaited<ReturnType<typeof openHarness>>,
  answers: readonly (readonly string[] | string)[],
): Promise<string[]> {
  server().fail(await server().next(), "E2BIG");
  const offsets: string[] = [];
  for (const answer of answers) {
    const request = await server().next();
    assert.equal(request.type, MessageType.directoryPart);
    offsets.push(decodeLatin1(request.payload).split("\0")[1] ?? "");
    if (typeof answer === "string") server().fail(request, answer);
    else server().reply(request, answer);
  }
  return offsets;
}

test("a list that is too big comes in parts, by the offset of its names", async () => {
  const harness = await openHarness();
  const names = harness.client.list("/big");
  const offsets = await serveParts(harness, [
    ["9", "one", "two"],
    ["9", "three"],
    ["9", "four", ""],
  ]);
  assert.deepEqual(await names, ["one", "two", "three", "four"]);
  assert.deepEqual(offsets, ["0", "8", "14"]);
  await harness.client.close();
});

test("a part that only ends the list is its end", async () => {
  const harness = await openHarness();
  const names = harness.client.list("/big");
  await serveParts(harness, [
    ["9", "one"],
    ["9", ""],
  ]);
  assert.deepEqual(await names, ["one"]);
  await harness.client.close();
});

test("a listing starts again when the node's generation changes", async () => {
  const harness = await openHarness();
  const names = harness.client.list("/big");
  const offsets = await serveParts(harness, [
    ["9", "gone", "two"],
    ["10", "three"],
    ["10", "two"],
    ["10", "three", ""],
  ]);
  assert.deepEqual(await names, ["two", "three"]);
  assert.deepEqual(offsets, ["0", "9", "0", "4"]);
  await harness.client.close();
});

test("a node that changes for ever is EAGAIN", async () => {
  const harness = await openHarness();
  const listed = assert.rejects(harness.client.list("/big"), { code: "EAGAIN" });
  const answers = Array.from({ length: LISTING_RESTARTS_MAX + 1 }, (_, attempt) => [
    [`${attempt}`, "name"],
    [`${attempt}9`, "name"],
  ]);
  await serveParts(harness, answers.flat());
  await listed;
  assert.equal(harness.server().requests.length, 0);
  await harness.client.close();
});

test("a server without DIRECTORY_PART leaves E2BIG", async () => {
  const harness = await openHarness();
  const listed = assert.rejects(harness.client.list("/big"), { code: "E2BIG" });
  await serveParts(harness, ["ENOSYS"]);
  await listed;
  await harness.client.close();
});

test("an error in the middle of a listing is the listing's", async () => {
  const harness = await openHarness();
  const listed = assert.rejects(harness.client.list("/big"), { code: "ENOENT" });
  await serveParts(harness, [["9", "one"], "ENOENT"]);
  await listed;
  await harness.client.close();
});

for (const part of [[], ["9"], ["no number", "a", ""]]) {
  void test(`a part of ${JSON.stringify(part)} is EPROTO`, async () => {
    const harness = await openHarness();
    const listed = assert.rejects(harness.client.list("/big"), { code: "EPROTO" });
    await serveParts(harness, [part]);
    await listed;
    await harness.client.close();
  });
}
