import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { commands } from "../../src/commands/index.ts";
import { REPLY_MAX_BYTES } from "../../src/limits.ts";
import { DOMID } from "../support/agent-harness.ts";
import { withMemoryAgent } from "../support/memory-agent.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

const refused: readonly (readonly [string, string | Uint8Array, string, string])[] = [
  ["empty", "", "500", "Internal error with request"],
  ["no JSON", "resetnetwork", "500", "Request is malformed"],
  ["binary", Uint8Array.from([0, 1, 2, 0xff]), "500", "Request is malformed"],
  ["a list", "[]", "500", "Request is malformed"],
  ["without a name", '{"value":""}', "500", "Request is missing 'name' key"],
  ["with a number as name", '{"name":3}', "500", "Request is malformed"],
  ["unknown", '{"name":"help","value":""}', "404", "No such agent command 'help'"],
  ["in another case", '{"name":"Version","value":""}', "404", "No such agent command 'Version'"],
  ["for __proto__", '{"name":"__proto__"}', "404", "No such agent command '__proto__'"],
  ["for constructor", '{"name":"constructor"}', "404", "No such agent command 'constructor'"],
  ["for toString", '{"name":"toString"}', "404", "No such agent command 'toString'"],
  ["for kmsactivate", '{"name":"kmsactivate","value":"h:1"}', "500", "KMS not supported on this OS"],
  ["for a password too early", '{"name":"password","value":"x"}', "500", "Password without key exchange"],
  [
    "with a file that is no base64",
    '{"name":"injectfile","value":"*"}',
    "500",
    "Error doing base64 decoding of data",
  ],
];

test("the agent answers every kind of bad request with its text, and goes on", () =>
  withMemoryAgent({}, async ({ askRaw, ask, list, system }) => {
    for (const [what, text, returncode, message] of refused) {
      assert.deepEqual(await askRaw(text), { returncode, message }, what);
    }
    assert.deepEqual(await ask("version"), { returncode: "0", message: "3.0.0" });
    assert.deepEqual(await list("host"), []);
    assert.deepEqual(system.files.changes, []);
  }));

test("an injected file is new with mode 0600", () =>
  withMemoryAgent({}, async ({ ask, system }) => {
    system.files.addDirectory("/root");
    const reply = await ask("injectfile", base64("/root/new,one,two\n"));
    assert.deepEqual(reply, { returncode: "0", message: "" });
    assert.equal(system.files.text("/root/new"), "one,two\n");
    assert.equal(system.files.attributes("/root/new")?.mode, 0o600);
  }));

test("an injected file replaces one that is there, keeping its mode and a backup", () =>
  withMemoryAgent({}, async ({ ask, system }) => {
    system.files.addFile("/etc/motd", "old", { mode: 0o640 });
    const value = { b64_path: base64("/etc/motd"), b64_file: base64("new") };
    assert.deepEqual(await ask("file_inject", value), { returncode: "0", message: "" });
    assert.equal(system.files.text("/etc/motd"), "new");
    assert.equal(system.files.attributes("/etc/motd")?.mode, 0o640);
    const backup = system.files.list("/etc").find((name) => name.endsWith(".bak"));
    assert.equal(system.files.text(`/etc/${backup}`), "old");
  }));

test("a file on the place of a directory is refused", () =>
  withMemoryAgent({}, async ({ ask, system }) => {
    system.files.addDirectory("/etc/dir");
    assert.equal((await ask("injectfile", base64("/etc/dir,x"))).returncode, "500");
    system.files.addFile("/etc/file", "x");
    assert.equal((await ask("injectfile", base64("/etc/file/below,x"))).returncode, "500");
  }));

test("a registration that fails is answered with the program's words, and the key is in no log line", () =>
  withMemoryAgent(
    { run: () => ({ status: 70, stderr: "Key build-key is not of this organization" }) },
    async ({ ask, system, lines }) => {
      system.files.addFile("/usr/sbin/subscription-manager", "#!/usr/bin/python3\n");
      const value = { activation_key: "build-key", profile: "web1", domains: ["sat"], org: "Acme" };
      assert.deepEqual(await ask("kmsactivate", value), {
        returncode: "500",
        message: "Couldn't activate with RHN: 70 : Key [redacted] is not of this organization",
      });
      assert.equal(system.calls.length, 1);
      assert.ok(!(JSON.stringify(system.calls[0]?.argv) + lines.join("")).includes("build-key"));
    },
  ));

const anyName = fc.oneof(
  fc.constantFrom(...commands.keys(), "__proto__", "constructor", "help"),
  fc.string({ unit: "grapheme", maxLength: 20 }),
);
const anyValue = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString("base64")),
  fc.string({ maxLength: 30 }).map((text) => base64(`/etc/${text},${text}`)),
  fc.bigInt({ min: 0n, max: 2n ** 110n }).map(String),
);
const wellFormed = fc
  .tuple(anyName, anyValue)
  .map(([name, value]) => Buffer.from(JSON.stringify({ name, value })));
const anyRequest: fc.Arbitrary<Uint8Array> = fc.oneof(
  wellFormed,
  fc.tuple(wellFormed, fc.nat(), fc.nat(255)).map(([bytes, at, value]) => {
    const damaged = Uint8Array.from(bytes);
    damaged[at % damaged.length] = value;
    return damaged;
  }),
  fc.tuple(wellFormed, fc.nat()).map(([bytes, end]) => bytes.subarray(0, end % bytes.length)),
  fc.json({ maxDepth: 4 }).map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 300 }),
);

/** Properties run on one agent: what one request breaks, the next would tell. */
test("any bytes at all are answered with two strings that fit, and the agent goes on", () =>
  withMemoryAgent({}, async ({ host, askRaw, ask, list }) => {
    let count = 0;
    const property = fc.asyncProperty(anyRequest, async (bytes) => {
      fc.pre(bytes.length < 1800);
      const id = `request-${(count += 1)}`;
      const reply = await askRaw(bytes, id);
      assert.deepEqual(Object.keys(reply).toSorted(), ["message", "returncode"]);
      assert.match(reply.returncode, /^(0|D0|1|404|500)$/);
      assert.equal(typeof reply.message, "string");
      const path = `/local/domain/${DOMID}/data/guest/${id}`;
      assert.ok((await host.read(path)).length <= REPLY_MAX_BYTES);
      await host.remove(path);
    });
    await fc.assert(property, { numRuns: 2000 });
    assert.deepEqual(await ask("version"), { returncode: "0", message: "3.0.0" });
    assert.deepEqual(await list("host"), []);
  }));
