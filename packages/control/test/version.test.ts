import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { repositoryRoot } from "@nova-agent/testbed";
import { CONTROL_VERSION } from "../src/version.ts";

test("the version that nova-control tells is that of its package", async () => {
  const text = await readFile(join(repositoryRoot(), "packages/control/package.json"), "utf8");
  const { version } = JSON.parse(text) as { readonly version: string };
  assert.equal(CONTROL_VERSION, version);
});
