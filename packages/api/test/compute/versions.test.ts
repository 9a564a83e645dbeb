import assert from "node:assert/strict";
import test from "node:test";
import { versionRoutes } from "../../src/compute/versions.ts";
import { as, testApp } from "../support/test-app.ts";

test("the versions are told with and without a token, whatever version is asked for", async () => {
  const { app } = testApp(versionRoutes());
  const inits = [{}, as("member"), as("unknown"), { headers: { "OpenStack-API-Version": "compute 9.9" } }];
  for (const init of inits) {
    for (const path of ["/compute/v2.1", "/compute/v2.1/"]) {
      const response = await app.request(path, init);
      assert.equal(response.status, 200);
      const { version } = (await response.json()) as { version: Record<string, unknown> };
      assert.equal(version["id"], "v2.1");
      assert.equal(version["status"], "CURRENT");
      assert.equal(version["version"], "2.90");
      assert.equal(version["min_version"], "2.1");
      assert.deepEqual(version["links"], [{ rel: "self", href: "http://localhost/compute/v2.1/" }]);
    }
    const { versions } = (await (await app.request("/compute/", init)).json()) as {
      versions: { id: string }[];
    };
    assert.deepEqual(
      versions.map(({ id }) => id),
      ["v2.1"],
    );
  }
});

test("links begin with the public address", async () => {
  const { app } = testApp(versionRoutes(), { publicUrl: "https://cloud.example.org/" });
  const { version } = (await (await app.request("/compute/v2.1")).json()) as { version: { links: object } };
  assert.deepEqual(version.links, [{ rel: "self", href: "https://cloud.example.org/compute/v2.1/" }]);
});
