import assert from "node:assert/strict";
import { test } from "node:test";
import type { Command } from "../../src/commands/command.ts";
import { fileInject } from "../../src/commands/file-inject.ts";
import { injectfile } from "../../src/commands/injectfile.ts";
import { AgentError } from "../../src/errors.ts";
import { FILE_PATH_NAMES_MAX } from "../../src/limits.ts";
import type { Plan } from "../../src/plan.ts";
import type { RequestValue } from "../../src/protocol/request.ts";
import { createGuest } from "../support/guest.ts";

const base64 = (data: string | Uint8Array): string => Buffer.from(data).toString("base64");

const decide = (command: Command, value: RequestValue): Promise<Plan> => command.decide(value, createGuest());

function file(path: string, content: Uint8Array): Plan {
  return {
    steps: [{ step: "writeFile", path, content, mode: 0o600, backup: true }],
    reply: { returncode: "0", message: "" },
  };
}

function refuses(command: Command, value: RequestValue, message: string | RegExp): Promise<void> {
  return assert.rejects(decide(command, value), (error) => {
    assert.ok(error instanceof AgentError && error.code === "AGENT_BAD_PAYLOAD", String(error));
    if (typeof message === "string") assert.equal(error.message, message);
    else assert.match(error.message, message);
    return true;
  });
}

const binary = Uint8Array.from({ length: 256 }, (_, index) => index);

test("injectfile writes what follows the first comma, byte by byte", async () => {
  const plan = await decide(injectfile, base64(Buffer.concat([Buffer.from("/etc/x,"), binary])));
  assert.deepEqual(plan, file("/etc/x", binary));
});

test("injectfile leaves further commas to the contents", async () => {
  assert.deepEqual(
    await decide(injectfile, base64("/a,b,c")),
    file("/a", new Uint8Array(Buffer.from("b,c"))),
  );
});

test("injectfile may write an empty file", async () => {
  assert.deepEqual(await decide(injectfile, base64("/etc/empty,")), file("/etc/empty", new Uint8Array(0)));
});

test("injectfile takes base64 in lines", async () => {
  const lines = base64("/etc/x,content\n").replaceAll(/(.{8})/g, "$1\r\n");
  assert.deepEqual(await decide(injectfile, lines), file("/etc/x", new Uint8Array(Buffer.from("content\n"))));
});

test("injectfile without a comma is refused", async () => {
  await refuses(injectfile, base64("/etc/x"), "File data must be a path, a comma and the contents");
});

test("injectfile refuses what is no base64 text with the text that hosts know", async () => {
  for (const value of ["*", "YWI", undefined, null, 5, { b64_path: "" }, ["YWI="]] as const) {
    await refuses(injectfile, value, "Error doing base64 decoding of data");
  }
});

test("file_inject writes the decoded contents to the decoded path, which may hold a comma", async () => {
  const value = { b64_path: base64("/srv/a,b €"), b64_file: base64(binary) };
  assert.deepEqual(await decide(fileInject, value), file("/srv/a,b €", binary));
});

test("file_inject may write an empty file", async () => {
  const value = { b64_path: base64("/etc/empty"), b64_file: "" };
  assert.deepEqual(await decide(fileInject, value), file("/etc/empty", new Uint8Array(0)));
});

test("file_inject refuses a value that is no object", async () => {
  for (const value of [undefined, null, "", base64("/etc/x,y"), 5, [], ["L3g="]] as const) {
    await refuses(fileInject, value, "File data must be an object with b64_path and b64_file");
  }
});

test("file_inject refuses a part that is missing or no base64", async () => {
  const good = base64("/etc/x");
  for (const value of [
    {},
    { b64_path: good },
    { b64_file: good },
    { b64_path: 5, b64_file: good },
    { b64_path: good, b64_file: "*" },
  ]) {
    await refuses(fileInject, value, "Error doing base64 decoding of data");
  }
});

const badPaths: readonly (readonly [string, string | Uint8Array, RegExp])[] = [
  ["relative", "etc/x", /must be absolute/],
  ["empty", "", /must be absolute/],
  ["with a NUL byte", "/etc/x\0y", /without NUL/],
  ["that is not UTF-8", Uint8Array.from([0x2f, 0xff]), /must be UTF-8/],
  ["that climbs", "/srv/../etc/x", /must not contain "\.\."/],
  ["that ends climbing", "/srv/..", /must not contain "\.\."/],
  ["of a directory", "/etc/", /must name a file/],
  ["of the root", "/", /must name a file/],
  ["of a directory itself", "/etc/.", /must name a file/],
  ["of too many directories", "/a".repeat(FILE_PATH_NAMES_MAX + 1), /must not have over \d+ names/],
];

for (const [what, path, message] of badPaths) {
  test(`a path ${what} is refused by both commands`, async () => {
    await refuses(fileInject, { b64_path: base64(path), b64_file: "" }, message);
    await refuses(injectfile, base64(Buffer.concat([Buffer.from(path), Buffer.from(",x")])), message);
  });
}

test("a path of as many names as may be is taken", async () => {
  const path = "/a".repeat(FILE_PATH_NAMES_MAX);
  assert.deepEqual(await decide(injectfile, base64(`${path},`)), file(path, new Uint8Array(0)));
});

test("a name that only begins with dots is a name", async () => {
  assert.deepEqual(await decide(injectfile, base64("/a/..b/.c,")), file("/a/..b/.c", new Uint8Array(0)));
});
