import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { AgentError } from "../../src/errors.ts";
import { ownValue, parseRequest } from "../../src/protocol/request.ts";

function parse(text: string | Uint8Array): unknown {
  return parseRequest(typeof text === "string" ? Buffer.from(text) : text);
}

function valueOf(text: string): unknown {
  return parseRequest(Buffer.from(`{"name":"x","value":${text}}`)).value;
}

const refused: readonly (readonly [string, string | Uint8Array, string])[] = [
  ["no bytes", "", "Internal error with request"],
  ["blanks", "  \n", "Request is malformed"],
  ["no JSON", "version", "Request is malformed"],
  ["half an object", '{"name":"version"', "Request is malformed"],
  ["two objects", '{"name":"version"}{}', "Request is malformed"],
  ["a list", '["name","version"]', "Request is malformed"],
  ["a text", '"name"', "Request is malformed"],
  ["a number", "42", "Request is malformed"],
  ["null", "null", "Request is malformed"],
  ["bytes that are not UTF-8", Uint8Array.from([0x7b, 0xff, 0xfe, 0x7d]), "Request is malformed"],
  ["zeros", new Uint8Array(20), "Request is malformed"],
  ["an object without a name", '{"value":"agent"}', "Request is missing 'name' key"],
  ["an empty object", "{}", "Request is missing 'name' key"],
  ["a name that only a prototype has", '{"__proto__":{"name":"version"}}', "Request is missing 'name' key"],
  ["a number as name", '{"name":1}', "Request is malformed"],
  ["null as name", '{"name":null}', "Request is malformed"],
  ["a list as name", '{"name":["version"]}', "Request is malformed"],
  ["a huge number as name", '{"name":99999999999999999999}', "Request is malformed"],
  ["deep nesting", '{"name":'.repeat(1000), "Request is malformed"],
];

for (const [what, text, message] of refused) {
  test(`a request of ${what} is refused with "${message}"`, () => {
    assert.throws(
      () => parse(text),
      (error) =>
        error instanceof AgentError && error.code === "AGENT_BAD_REQUEST" && error.message === message,
    );
  });
}

test("a refused request is quoted nowhere in the error, nor in its cause", () => {
  assert.throws(
    () => parse('{"name":"password","value":hunter2'),
    (error) => error instanceof AgentError && error.cause === undefined && !error.message.includes("hunter2"),
  );
});

test("name and value are read in any order, with blanks and unknown keys", () => {
  const expected = { name: "version", value: "agent" };
  assert.deepEqual(parse('{"name":"version","value":"agent"}'), expected);
  assert.deepEqual(parse(' {"id":7, "value" : "agent" ,\n"name":"version"}\r\n'), expected);
});

test("a value may be text, number, list, object, null or absent", () => {
  assert.equal(valueOf('""'), "");
  assert.equal(valueOf("12"), 12);
  assert.equal(valueOf("-1.5e3"), -1500);
  assert.equal(valueOf("null"), null);
  assert.deepEqual(valueOf("[1,true]"), [1, true]);
  assert.deepEqual(valueOf('{"b64_path":"L3g="}'), { b64_path: "L3g=" });
  assert.equal(parseRequest(Buffer.from('{"name":"x"}')).value, undefined);
});

test("an integer too large for a double keeps all its digits", () => {
  const text = '{"name":"keyinit","value":128492706489454800633959484585958}';
  assert.equal(parseRequest(Buffer.from(text)).value, "128492706489454800633959484585958");
  assert.equal(parseRequest(Buffer.from('{"name":"x","value":9007199254740991}')).value, 9007199254740991);
});

test("digits inside a text are left as they are, also behind escapes", () => {
  const value = 'a\\" 99999999999999999999 \\\\" 12 \u2028';
  assert.equal(parseRequest(Buffer.from(JSON.stringify({ name: "x", value }))).value, value);
});

test("a name like an object's own property is a name like any other", () => {
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    assert.deepEqual(parse(JSON.stringify({ name })), { name, value: undefined });
  }
});

test("ownValue finds what JSON brought and nothing that objects inherit", () => {
  const object = JSON.parse('{"__proto__":"brought"}') as Record<string, string>;
  assert.equal(ownValue(object, "__proto__"), "brought");
  assert.equal(ownValue({}, "__proto__"), undefined);
  assert.equal(ownValue({}, "constructor"), undefined);
});

test("any name and JSON value come back as they were sent", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.jsonValue({ noUnicodeString: false }), (name, value) => {
      const text = JSON.stringify({ name, value });
      const isExact = JSON.stringify(JSON.parse(text)) === text && !/\d{16}/.test(text);
      if (isExact)
        assert.deepEqual(parse(text), { name, value: (JSON.parse(text) as { value: unknown }).value });
    }),
  );
});

test("any bytes are a request or a refusal", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      try {
        assert.equal(typeof parseRequest(bytes).name, "string");
      } catch (error) {
        assert.ok(error instanceof AgentError && error.code === "AGENT_BAD_REQUEST", String(error));
      }
    }),
    { numRuns: 2000 },
  );
});
