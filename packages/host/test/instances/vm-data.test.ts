import assert from "node:assert/strict";
import test from "node:test";
import { hostnameOf, metadataNode, renderVmData } from "../../src/instances/vm-data.ts";

test("a host name is made of any name", () => {
  assert.equal(hostnameOf("Web_Server 1", "id"), "web-server-1");
  assert.equal(hostnameOf("Zürich.", "id"), "zurich");
  assert.equal(hostnameOf("日本", "id"), "server-id");
  assert.equal(hostnameOf(`${"x".repeat(62)}-y`, "id"), "x".repeat(62));
});

function hostname(osType: "linux" | "windows", isRescue: boolean): string | undefined {
  return renderVmData({
    instance: { hostname: "a-name-that-is-long", metadata: {} },
    image: { osType },
    ports: [],
    providerData: {},
    isRescue,
  })["hostname"];
}

test("Windows has 15 characters of a host name, and a rescue system says that it is one", () => {
  assert.equal(hostname("linux", false), "a-name-that-is-long");
  assert.equal(hostname("linux", true), "RESCUE-a-name-that-is-long");
  assert.equal(hostname("windows", false), "a-name-that-is-");
  assert.equal(hostname("windows", true), "RESCUE-a-name-t");
});

test("metadata is JSON under a key that XenStore takes", () => {
  assert.deepEqual(metadataNode(["a/b c@d", 'say "x"']), ["a_b_c@d", '"say \\"x\\""']);
});
