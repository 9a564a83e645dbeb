import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { repositoryRoot } from "@nova-agent/testbed";
import { GUESTCTL_VERSION } from "../src/version.ts";

test("the version that guestctl tells is that of its package", async () => {
  const text = await readFile(join(repositoryRoot(), "packages/cli/package.json"), "utf8");
  const { version } = JSON.parse(text) as { readonly version: string };
  assert.equal(GUESTCTL_VERSION, version);
});
