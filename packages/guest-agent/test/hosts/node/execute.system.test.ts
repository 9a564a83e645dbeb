import assert from "node:assert/strict";
import {
  chownSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { runChecked, systemTest, temporaryDirectory } from "@nova-agent/testbed";
import { executeSteps as execute } from "../../support/execute-in-namespace.ts";
import type { JsonStep } from "../../support/execute-steps.ts";

const TIMEOUT_MS = 60_000;
const PASSWORD = "s3cret: p\u00e4ss";

function write(path: string, content: string): JsonStep {
  return { step: "writeFile", path, content, mode: 0o600, backup: true };
}

/** A directory with /etc, an old /etc/file, and an account without a password. */
async function guestTree(context: TestContext): Promise<string> {
  const tree = await temporaryDirectory(context);
  mkdirSync(join(tree, "etc"));
  writeFileSync(join(tree, "etc/file"), "old\n");
  writeFileSync(join(tree, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
  writeFileSync(join(tree, "etc/shadow"), "root:*:19000:0:99999:7:::\n", { mode: 0o640 });
  chownSync(join(tree, "etc/shadow"), 0, 42);
  return tree;
}

/** Whether a shadow file's hash of root is that of the password, as crypt(3) sees it. */
async function matchesPassword(shadow: string): Promise<boolean> {
  const entry = readFileSync(shadow, "utf8").match(/^root:([^:]*):/m);
  const hash = entry?.[1] ?? "";
  const script = "chomp($password = <STDIN>); print crypt($password, $ARGV[0])";
  const argv = ["perl", "-e", script, hash] as const;
  return (await runChecked({ argv, stdin: PASSWORD, timeoutMs: TIMEOUT_MS })) === hash;
}

const needs = ["root", "namespaces"] as const;
const setPassword: JsonStep = { step: "setPassword", user: "root", password: PASSWORD };

systemTest("files are replaced under a root with owner and mode kept", { needs }, async (context) => {
  const tree = await guestTree(context);
  const path = join(tree, "etc/file");
  chownSync(path, 12, 34);
  symlinkSync("/etc/file", join(tree, "link"));
  const { failure } = await execute({ tree, root: tree, steps: [write("/link", "new"), write("/a/b", "b")] });
  const { uid, gid, mode } = statSync(path);
  assert.deepEqual(
    { failure, uid, gid, mode: mode & 0o7777 },
    { failure: undefined, uid: 12, gid: 34, mode: 0o644 },
  );
  assert.equal(readFileSync(path, "utf8"), "new");
  assert.equal(readFileSync(join(tree, "a/b"), "utf8"), "b");
});

systemTest(
  "the SELinux label stays with a file and its backup",
  { needs: [...needs, "attr"] },
  async (context) => {
    const tree = await guestTree(context);
    const label = "system_u:object_r:net_conf_t:s0";
    const argv = ["setfattr", "-n", "security.selinux", "-v", label, join(tree, "etc/file")] as const;
    await runChecked({ argv, timeoutMs: TIMEOUT_MS });
    await execute({ tree, root: tree, steps: [write("/etc/file", "new")] });
    const names = readdirSync(join(tree, "etc")).filter((name) => name.startsWith("file"));
    assert.equal(names.length, 2);
    for (const name of names) {
      const argv = ["getfattr", "--only-values", "-n", "security.selinux", join(tree, "etc", name)] as const;
      assert.equal(await runChecked({ argv, timeoutMs: TIMEOUT_MS }), label);
    }
  },
);

const smallDisk = 'mount -t tmpfs -o size=64k tmpfs "$0"; mkdir "$0/etc"; echo old >"$0/etc/file"';
const look = 'echo; ls -A "$0/etc"; cat "$0/etc/file"';

systemTest("a full disk leaves the old file and nothing else", { needs }, async (context) => {
  const tree = await guestTree(context);
  const steps = [write("/etc/file", "x".repeat(100_000))];
  assert.deepEqual(await execute({ tree, root: tree, steps, before: smallDisk, after: look }), {
    failure: 'Cannot write "/etc/file": no space left on device',
    seen: ["file", "old"],
  });
});

systemTest("a disk that fills up at a later step gets the earlier files back", { needs }, async (context) => {
  const tree = await guestTree(context);
  const steps = [write("/etc/file", "new"), write("/etc/other", "x".repeat(100_000))];
  assert.deepEqual(await execute({ tree, root: tree, steps, before: smallDisk, after: look }), {
    failure: 'Cannot write "/etc/other": no space left on device',
    seen: ["file", "old"],
  });
});

systemTest("a read-only file system is told as that", { needs }, async (context) => {
  const tree = await guestTree(context);
  const before = `${smallDisk}; mount -o remount,ro "$0"`;
  const steps: readonly JsonStep[] = [write("/etc/file", "new")];
  const removal: readonly JsonStep[] = [{ step: "removeFile", path: "/etc/file", backup: false }];
  const written = await execute({ tree, root: tree, steps, before, after: look });
  const removed = await execute({ tree, root: tree, steps: removal, before, after: look });
  const seen = ["file", "old"];
  assert.deepEqual(written, { failure: 'Cannot write "/etc/file": read-only file system', seen });
  assert.deepEqual(removed, { failure: 'Cannot remove "/etc/file": read-only file system', seen });
});

systemTest(
  "chpasswd sets the password of another root, whose shadow keeps owner and mode",
  { needs },
  async (context) => {
    const tree = await guestTree(context);
    const { failure } = await execute({ tree, root: tree, steps: [setPassword] });
    assert.equal(failure, undefined);
    const shadow = join(tree, "etc/shadow");
    assert.ok(await matchesPassword(shadow));
    const { uid, gid, mode } = statSync(shadow);
    assert.deepEqual({ uid, gid, mode: mode & 0o7777 }, { uid: 0, gid: 42, mode: 0o640 });
  },
);

systemTest("chpasswd sets the password of the live system", { needs }, async (context) => {
  const tree = await guestTree(context);
  const before = 'cp -a /etc "$0/copy"; mount --bind "$0/copy" /etc';
  const { failure } = await execute({ tree, root: "/", steps: [setPassword], before });
  assert.equal(failure, undefined);
  assert.ok(await matchesPassword(join(tree, "copy/shadow")));
  assert.ok(!(await matchesPassword("/etc/shadow")));
});

systemTest(
  "chpasswd that fails is told with its status and words, without the password",
  { needs },
  async (context) => {
    const tree = await guestTree(context);
    const step: JsonStep = { ...setPassword, user: "nobody-here" };
    const { failure } = await execute({ tree, root: tree, steps: [step] });
    assert.match(
      failure ?? "",
      /^Failed to change password for nobody-here, who is not in \/etc\/passwd: 1 : .*user 'nobody-here' does not exist/,
    );
    assert.ok(!failure?.includes(PASSWORD));
  },
);
