import assert from "node:assert/strict";
import test from "node:test";
import { assertInjectable, injectionRequest } from "../../src/model/file-injection.ts";
import { hasCode } from "../support/has-code.ts";

const motd = { path: "/etc/motd", content: Buffer.from("Hi, all\n") };
const binary = { path: "/etc/key", content: Uint8Array.of(0xff, 0x00) };

test("file_inject is taken where both commands are offered", () => {
  assert.deepEqual(injectionRequest(motd, { domid: 5, features: ["injectfile", "file_inject"] }), {
    name: "file_inject",
    value: { b64_path: "L2V0Yy9tb3Rk", b64_file: "SGksIGFsbAo=" },
  });
});

test("injectfile carries path and content between one comma", () => {
  // base64 of "/etc/motd,Hi, all\n"
  assert.deepEqual(injectionRequest(motd, { domid: 5, features: ["injectfile"] }), {
    name: "injectfile",
    value: "L2V0Yy9tb3RkLEhpLCBhbGwK",
  });
});

test("an agent that takes no files is not asked to", () => {
  assert.throws(
    () => injectionRequest(motd, { domid: 5, features: ["version"] }),
    hasCode("GUEST_UNSUPPORTED", /domain 5 does not offer file injection/),
  );
});

test("a path with a comma needs file_inject", () => {
  const file = { ...motd, path: "/etc/a,b" };
  const inject = (feature: string): unknown => injectionRequest(file, { domid: 5, features: [feature] });
  assert.throws(() => inject("injectfile"), hasCode("BAD_ARGUMENT", /comma/));
  assert.deepEqual(inject("file_inject"), {
    name: "file_inject",
    value: { b64_path: "L2V0Yy9hLGI=", b64_file: "SGksIGFsbAo=" },
  });
});

test("binary content goes through injectfile only when it is allowed", () => {
  const context = { domid: 5, features: ["injectfile"] };
  assert.throws(() => injectionRequest(binary, context), hasCode("BAD_ARGUMENT", /not UTF-8/));
  const request = injectionRequest(binary, { ...context, allowBinary: true });
  assert.equal(request.value, Buffer.from([...Buffer.from("/etc/key,"), 0xff, 0x00]).toString("base64"));
});

test("binary content goes through file_inject unasked", () => {
  const request = injectionRequest(binary, { domid: 5, features: ["file_inject"] });
  assert.deepEqual(request.value, { b64_path: "L2V0Yy9rZXk=", b64_file: "/wA=" });
});

for (const path of ["/etc/motd", "/x", String.raw`C:\motd.txt`, "/a b/ü"]) {
  test(`"${path}" is the path of a file`, () => {
    assert.doesNotThrow(() => assertInjectable({ ...motd, path }));
  });
}

for (const path of ["", "/", "motd", "./motd", "/etc/", "//x", "C:", "C:motd", "C:\\dir\\", "/etc/a\0b"]) {
  test(`${JSON.stringify(path)} is not the absolute path of a file`, () => {
    assert.throws(() => assertInjectable({ ...motd, path }), hasCode("BAD_ARGUMENT"));
  });
}
