import assert from "node:assert/strict";
import { constants } from "node:os";
import { join } from "node:path";
import { repositoryRoot, runChecked, systemTest } from "@nova-agent/testbed";
import { startServer } from "./programs.ts";

const needs = ["pyxs", "xenstore-clients"] as const;
const script = join(repositoryRoot(), "packages/xenstore/test/clients/pyxs-client.py");

/** What the script reports whoever it is; `base` is where it wrote. */
function expectedReport(base: string): Record<string, unknown> {
  return {
    read: "one",
    list: ["a", "d"],
    exists: [true, false],
    missing: constants.errno.ENOENT,
    path: "/local/domain/5",
    permissions: "r6",
    outside: "one",
    committed: true,
    after: "two",
    conflicting: false,
    events: [
      [`${base}/d`, "token"],
      [`${base}/d/new`, "token"],
    ],
    left: ["a"],
  };
}

for (const { domid, base, foreign } of [
  { domid: 0, base: "/vm/1", foreign: 0 },
  { domid: 5, base: "/local/domain/5/data", foreign: constants.errno.EACCES },
  { domid: 5, base: "data", foreign: constants.errno.EACCES },
]) {
  const who = `domain ${domid} below ${base}`;
  systemTest(`pyxs reads, writes, commits and watches as ${who}`, { needs }, async (context) => {
    const server = await startServer(context);
    const argv = ["/usr/bin/python3", script, server.domainSocketPath(domid), base] as const;
    const report: unknown = JSON.parse(await runChecked({ argv, timeoutMs: 20_000 }));
    assert.deepEqual(report, { ...expectedReport(base), foreign });
  });
}
