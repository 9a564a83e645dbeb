import assert from "node:assert/strict";
import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import {
  privateRoot,
  repositoryRoot,
  runChecked,
  runProgram,
  systemTest,
  temporaryDirectory,
} from "@nova-agent/testbed";
import { agentArgv } from "../../support/agent-process.ts";

const TIMEOUT_MS = 60_000;
const PASSWORD = "a new one: pässwörd $6$ 'quoted' \"twice\"";

const needs = ["root", "namespaces", "apt"] as const;

/** A Debian root with the agent's unit, whose root account is locked and has expired. */
async function debianRoot(context: TestContext): Promise<string> {
  const root = await temporaryDirectory(context);
  await cp(await privateRoot(["systemd", "systemd-sysv"]), root, { recursive: true, verbatimSymlinks: true });
  const unit = join(repositoryRoot(), "packaging/nova-agent.service");
  await cp(unit, join(root, "lib/systemd/system/nova-agent.service"));
  await mkdir(join(root, "etc"), { recursive: true });
  await writeFile(join(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
  await writeFile(join(root, "etc/shadow"), "root:!:19000:0:99999:7::1:\n", { mode: 0o640 });
  return root;
}

/** Runs the rescue with a PATH of one program that hashes, and the password on standard input. */
function rescue(root: string, path = process.env["PATH"] ?? "", input = `${PASSWORD}\n`) {
  const argv = [...agentArgv(), "rescue", "--root", root, "--no-network"] as const;
  return runProgram({ argv: ["env", `PATH=${path}`, ...argv], stdin: input, timeoutMs: TIMEOUT_MS });
}

/** Whether root's hash is that of the password, as crypt(3) of this machine sees it. */
async function letsIn(root: string, password: string): Promise<boolean> {
  const shadow = await readFile(join(root, "etc/shadow"), "utf8");
  const hash = /^root:([^:]*):/m.exec(shadow)?.[1] ?? "";
  const script = "chomp($p = <STDIN>); print crypt($p, $ARGV[0])";
  const argv = ["perl", "-e", script, hash] as const;
  return (await runChecked({ argv, stdin: `${password}\n`, timeoutMs: TIMEOUT_MS })) === hash;
}

systemTest(
  "a rescued Debian root lets in by the new password, and systemd starts the agent",
  { needs },
  async (context) => {
    const root = await debianRoot(context);
    const { status, stdout } = await rescue(root);
    assert.equal(
      stdout,
      "password: root has the new password, and the account is open\nservices: nova-agent starts with the system\n",
    );
    assert.equal(status, 0);
    assert.equal(await letsIn(root, PASSWORD), true);
    assert.equal(await letsIn(root, "another"), false);
    const enabled = await runProgram({
      argv: ["systemctl", `--root=${root}`, "is-enabled", "nova-agent"],
      timeoutMs: TIMEOUT_MS,
    });
    assert.equal(enabled.stdout, "enabled\n", enabled.stderr);
    const aged = await runChecked({ argv: ["chage", "-R", root, "-l", "root"], timeoutMs: TIMEOUT_MS });
    assert.match(aged, /^Account expires\s*: never$/m);
  },
);

systemTest("the links are those that systemctl makes", { needs }, async (context) => {
  const [ours, theirs] = [await debianRoot(context), await debianRoot(context)];
  await rescue(ours);
  await runChecked({
    argv: ["systemctl", `--root=${theirs}`, "enable", "nova-agent"],
    timeoutMs: TIMEOUT_MS,
  });
  const linksBelow = (root: string) =>
    runChecked({
      argv: [
        "find",
        join(root, "etc/systemd/system"),
        "-type",
        "l",
        "-name",
        "*nova*",
        "-printf",
        "%P -> %l\n",
      ],
      timeoutMs: TIMEOUT_MS,
    });
  assert.equal(await linksBelow(ours), await linksBelow(theirs));
});

for (const program of ["openssl", "perl"]) {
  systemTest(`a hash by ${program} alone lets in, also of 256 bytes`, { needs }, async (context) => {
    const directory = await temporaryDirectory(context);
    const path = (
      await runChecked({ argv: ["sh", "-c", `command -v ${program}`], timeoutMs: TIMEOUT_MS })
    ).trim();
    await symlink(path, join(directory, program));
    const root = await debianRoot(context);
    for (const password of [PASSWORD, "x".repeat(256)]) {
      assert.equal((await rescue(root, `${directory}:/nonexistent`, password)).status, 0);
      assert.equal(await letsIn(root, password), true, password);
    }
  });
}
