import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot, runChecked, runProgram, systemTest, temporaryDirectory } from "@nova-agent/testbed";

const TIMEOUT_MS = 120_000;

systemTest(
  "the agent's npm package, installed elsewhere, runs with npx",
  { needs: [], timeoutMs: 3 * TIMEOUT_MS },
  async (context) => {
    const packed = await temporaryDirectory(context);
    const folders = ["./packages/xenstore", "./packages/guest-agent"];
    await runChecked({
      argv: ["npm", "pack", "--silent", "--pack-destination", packed, ...folders],
      directory: repositoryRoot(),
      timeoutMs: TIMEOUT_MS,
    });
    const directory = await temporaryDirectory(context);
    writeFileSync(join(directory, "package.json"), '{ "private": true }\n');
    const files = readdirSync(packed).map((name) => join(packed, name));
    await runChecked({
      argv: ["npm", "install", "--offline", "--no-audit", "--no-fund", "--silent", ...files],
      directory,
      timeoutMs: TIMEOUT_MS,
    });
    const { status, stdout } = await runProgram({
      argv: ["npx", "--no-install", "nova-agent", "--version"],
      directory,
      timeoutMs: TIMEOUT_MS,
    });
    assert.deepEqual({ status, stdout }, { status: 0, stdout: "nova-agent 3.0.0\n" });
  },
);
