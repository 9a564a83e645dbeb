import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { runProgram, temporaryDirectory } from "@nova-agent/testbed";
import { agentArgv, startAgentProcess, startGuestStore } from "../../support/agent-process.ts";

const TIMEOUT_MS = 60_000;
const bounded = { timeout: TIMEOUT_MS };

/** The disk of a guest with System V's scripts, whose agent is not enabled and whose root is locked. */
async function mountedDisk(context: TestContext): Promise<string> {
  const root = await temporaryDirectory(context);
  mkdirSync(join(root, "etc/init.d"), { recursive: true });
  mkdirSync(join(root, "etc/rc3.d"));
  writeFileSync(join(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
  writeFileSync(join(root, "etc/shadow"), "root:!:19000:0:99999:7:::\n");
  writeFileSync(join(root, "etc/init.d/nova-agent"), "#!/bin/sh\n# chkconfig: 3 15 85\n");
  return root;
}

function run(context: TestContext, args: readonly string[]) {
  return startAgentProcess(context, { args, environment: { XENSTORED_PATH: "/nonexistent/socket" } }).exited;
}

function rescue(root: string, args: readonly string[], stdin: string) {
  const argv = ["env", "XENSTORED_PATH=/nonexistent/socket", ...agentArgv(), "rescue"] as const;
  return runProgram({ argv: [...argv, "--root", root, ...args], stdin, timeoutMs: TIMEOUT_MS });
}

test(
  "doctor names what is wrong with a mounted disk, rescue mends it, and doctor is content",
  bounded,
  async (context) => {
    const root = await mountedDisk(context);
    const sick = await run(context, ["doctor", "--root", root]);
    assert.equal(sick.status, 1);
    assert.match(
      sick.stdout,
      /^PROBLEM service: nova-agent does not start with the system \(SysV\)\n {2}-> nova-agent rescue --root /m,
    );
    assert.match(sick.stdout, /^WARNING root-password: The password of root is locked/m);
    const { status, stdout } = await rescue(root, ["--no-network"], "new-password\n");
    assert.deepEqual(
      { status, stdout },
      {
        status: 0,
        stdout:
          "password: root has the new password, and the account is open\nservices: nova-agent starts with the system\n",
      },
    );
    assert.equal(readlinkSync(join(root, "etc/rc3.d/S15nova-agent")), "../init.d/nova-agent");
    assert.match(readFileSync(join(root, "etc/shadow"), "utf8"), /^root:\$6\$[^:]+:\d+:0:99999:7:::\n$/);
    const well = await run(context, ["doctor", "--root", root, "--json"]);
    const { problems, findings } = JSON.parse(well.stdout) as {
      problems: number;
      findings: { check: string; severity: string }[];
    };
    const warned = findings.filter(({ severity }) => severity === "warning").map(({ check }) => check);
    assert.deepEqual([well.status, problems, warned], [2, 0, ["xe-daemon"]]);
  },
);

test("the host that asks the agent for its doctor is told the same", bounded, async (context) => {
  const root = await mountedDisk(context);
  const store = await startGuestStore(context);
  const environment = { XENSTORED_PATH: store.guestSocket };
  startAgentProcess(context, { args: ["--root", root], environment });
  const { returncode, message } = await store.ask("doctor");
  assert.equal(returncode, "0");
  const { left_out, findings } = JSON.parse(message) as { left_out: number; findings: string[][] };
  assert.equal(left_out, 0);
  const told = findings.map(([severity, check]) => `${severity} ${check}`);
  assert.equal(told[0], "problem service");
  assert.ok(told.includes("warning root-password"), told.join());
  assert.ok(!told.some((finding) => finding.endsWith(" requests")), told.join());
  assert.match((await store.ask("features")).message, /,doctor,features$/);
});

test("a part of a rescue that cannot be done is told, and ends with 1", bounded, async (context) => {
  const root = await mountedDisk(context);
  const { status, stdout } = await rescue(root, ["--no-password", "--no-services"], "");
  assert.equal(status, 1);
  assert.match(stdout, /^network: NOT DONE: .*\/nonexistent\/socket/);
});

test("rescue without a root ends with 64, and where no system is with 1", bounded, async (context) => {
  const { status, stderr } = await run(context, ["rescue"]);
  assert.equal(status, 64);
  assert.match(stderr, /^nova-agent: nova-agent rescue needs --root DIR/);
  const empty = await run(context, ["rescue", "--root", await temporaryDirectory(context), "--dry-run"]);
  assert.equal(empty.status, 1);
  assert.match(empty.stderr, /^nova-agent: No system is below ".+", which has no etc\/passwd; mount/);
});

test(
  "doctor runs with a configuration that keeps the agent from starting, and names it",
  bounded,
  async (context) => {
    const root = await mountedDisk(context);
    writeFileSync(join(root, "etc/nova-agent.conf"), "colour = red\n");
    const { stdout } = await run(context, ["doctor", "--root", root]);
    assert.match(stdout, /^PROBLEM configuration: \/etc\/nova-agent\.conf:1: Unknown setting "colour"/m);
  },
);
