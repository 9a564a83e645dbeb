import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { NEWEST_AGENT_VERSION } from "../../src/guests/newest-agent-version.ts";

test("the newest agent has the version of the packages", async () => {
  const text = await readFile(new URL("../../../package.json", import.meta.url), "utf8");
  const { version } = JSON.parse(text) as { readonly version: string };
  assert.equal(NEWEST_AGENT_VERSION, version);
});
