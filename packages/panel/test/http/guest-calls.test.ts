import assert from "node:assert/strict";
import test from "node:test";
import { removeMetadataItem, setMetadataItem } from "../../src/browser/http/guest-calls.ts";

type Sent = readonly [method: string, path: string, body?: unknown];

function recorder(): { readonly sent: Sent[]; readonly send: (...request: Sent) => Promise<void> } {
  const sent: Sent[] = [];
  return { sent, send: async (...request) => void sent.push(request) };
}

test("an item of the metadata is set by itself", async () => {
  const client = recorder();
  await setMetadataItem(client, "a/b", { key: "k", value: "v" });
  assert.deepEqual(client.sent, [["POST", "/compute/v2.1/servers/a%2Fb/metadata", { metadata: { k: "v" } }]]);
});

test("an item is removed by its key", async () => {
  const client = recorder();
  await removeMetadataItem(client, "id", { key: "a: b", metadata: {} });
  assert.deepEqual(client.sent, [["DELETE", "/compute/v2.1/servers/id/metadata/a%3A%20b"]]);
});

for (const key of [".", ".."]) {
  test(`the removal of an item called "${key}" never leads to the server itself`, async () => {
    const client = recorder();
    await removeMetadataItem(client, "id", { key, metadata: { [key]: "x", other: "y" } });
    assert.deepEqual(client.sent, [
      ["PUT", "/compute/v2.1/servers/id/metadata", { metadata: { other: "y" } }],
    ]);
  });
}
