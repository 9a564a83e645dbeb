import assert from "node:assert/strict";
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { privateRoot, runChecked, runProgram, systemTest, temporaryDirectory } from "@nova-agent/testbed";
import { type Ran, executeSteps } from "../../support/execute-in-namespace.ts";
import type { JsonStep } from "../../support/execute-steps.ts";

const TIMEOUT_MS = 60_000;
const PASSWORD = "s3cret: p\u00e4ss $(x)";
const needs = ["root", "namespaces"] as const;

/** What passwords need of this machine's /etc, where root has the hash and PAM asks pam_unix alone. */
async function scene(context: TestContext, hash: string): Promise<string> {
  const tree = await temporaryDirectory(context);
  for (const name of ["login.defs", "nsswitch.conf", "security", "pam.d", "ld.so.cache"]) {
    cpSync(join("/etc", name), join(tree, "etc", name), { recursive: true });
  }
  writeFileSync(join(tree, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nadmin:x:1000:1000::/:/bin/sh\n");
  writeFileSync(join(tree, "etc/group"), "root:x:0:\nshadow:x:42:\n");
  writeFileSync(join(tree, "etc/shadow"), `root:${hash}:19000:0:99999:7:::\nadmin:!:19000:0:99999:7:::\n`);
  chmodSync(join(tree, "etc/shadow"), 0o640);
  putPamService(tree, "password required pam_unix.so sha512");
  return tree;
}

function putPamService(tree: string, lines: string): void {
  writeFileSync(join(tree, "etc/pam.d/chpasswd"), `${lines}\n`);
}

interface Attempt {
  readonly password?: string;
  readonly user?: string;
  /** More lines of shell before it, and steps behind it. */
  readonly before?: string;
  readonly behind?: readonly JsonStep[];
}

/** Sets a password where the tree's /etc is the system's. */
function setPassword(tree: string, attempt: Attempt = {}): Promise<Ran> {
  const { password = PASSWORD, user = "root", before = "true", behind = [] } = attempt;
  const steps: readonly JsonStep[] = [{ step: "setPassword", user, password }, ...behind];
  return executeSteps({ tree, root: "/", steps, before: `mount --bind "$0/etc" /etc; ${before}` });
}

/** Whether the system lets a user in by a password: pam_unix's own helper decides (unix_chkpwd(8)). */
async function letsIn(tree: string, { user = "root", password = PASSWORD }: Attempt = {}): Promise<boolean> {
  const script = 'mount --bind "$0/etc" /etc; exec unix_chkpwd "$1" nonull';
  const argv = ["unshare", "-m", "sh", "-ec", script, tree, user] as const;
  const { status } = await runProgram({ argv, stdin: `${password}\0`, timeoutMs: TIMEOUT_MS });
  return status === 0;
}

const OLD_HASH = "$6$abcdefgh$notTheHashOfAnything";

for (const [what, hash] of [
  ["has a password", OLD_HASH],
  ["is locked with !", "!"],
  ["is locked with *", "*"],
  ["was locked by passwd -l", `!${OLD_HASH}`],
  ["is locked by two tools", `!*${OLD_HASH}`],
] as const) {
  systemTest(`root who ${what} gets in by the new password, and by no other`, { needs }, async (context) => {
    const tree = await scene(context, hash);
    assert.equal(await letsIn(tree), false);
    assert.equal((await setPassword(tree)).failure, undefined);
    assert.equal(await letsIn(tree), true);
    assert.equal(await letsIn(tree, { password: `${PASSWORD}x` }), false);
  });
}

systemTest("chpasswd without PAM unlocks root just so", { needs }, async (context) => {
  for (const hash of ["!", `!${OLD_HASH}`]) {
    const tree = await scene(context, hash);
    const { failure } = await setPassword(tree, { before: 'rm "$0/etc/pam.d/chpasswd"' });
    assert.equal(failure, undefined);
    assert.match(readFileSync(join(tree, "etc/shadow"), "utf8"), /^root:\$6\$/);
    assert.equal(await letsIn(tree), true);
  }
});

systemTest("passwords of 256 bytes and of odd characters let in", { needs }, async (context) => {
  const tree = await scene(context, "!");
  for (const password of ["\u20ac".repeat(85) + "a", " : ", "\u007f\t\u0001", ":", "'\"\\`%s", "\u{1f511}"]) {
    assert.equal((await setPassword(tree, { password })).failure, undefined, password);
    assert.equal(await letsIn(tree, { password }), true, password);
    assert.equal(await letsIn(tree, { password: password.slice(0, -1) }), false, password);
  }
});

systemTest("the password of another user is set, and root's stays", { needs }, async (context) => {
  const tree = await scene(context, "!");
  assert.equal((await setPassword(tree, { user: "admin" })).failure, undefined);
  assert.equal(await letsIn(tree, { user: "admin" }), true);
  assert.match(readFileSync(join(tree, "etc/shadow"), "utf8"), /^root:!:/);
});

systemTest("a user whom there is not is named, with PAM and without", { needs }, async (context) => {
  const tree = await scene(context, "!");
  const start = "Failed to change password for ghost, who is not in /etc/passwd: 1 : chpasswd: ";
  const { failure = "" } = await setPassword(tree, { user: "ghost" });
  assert.ok(failure.startsWith(`${start}(user ghost) pam_chauthtok() failed`), failure);
  const before = 'rm "$0/etc/pam.d/chpasswd"';
  const { failure: withoutPam = "" } = await setPassword(tree, { user: "ghost", before });
  assert.ok(withoutPam.startsWith(`${start}line 1: user 'ghost' does not exist`), withoutPam);
});

const qualityPackages = ["libpam-pwquality", "libpwquality1", "libcrack2"];

systemTest(
  "a policy that refuses is told in its own words, and the old password stays",
  { needs: [...needs, "apt"] },
  async (context) => {
    const quality = await privateRoot(qualityPackages);
    const tree = await scene(context, OLD_HASH);
    const [machine = ""] = readdirSync(join(quality, "lib"));
    const modules = join(quality, "lib", machine, "security/pam_pwquality.so");
    putPamService(
      tree,
      `password requisite ${modules} retry=1 enforce_for_root minlen=12 dictcheck=0\n` +
        "password required pam_unix.so sha512 use_authtok",
    );
    const libraries = `${join(quality, "usr/lib", machine)}:${join(quality, "lib", machine)}`;
    const programs = join(tree, "bin");
    mkdirSync(programs);
    const script = `#!/bin/sh\nLD_LIBRARY_PATH=${libraries} exec /usr/sbin/chpasswd "$@"\n`;
    writeFileSync(join(programs, "chpasswd"), script, { mode: 0o755 });
    const before = `PATH=${programs}:$PATH`;
    const refused = await setPassword(tree, { password: "shorT1", before });
    assert.match(
      refused.failure ?? "",
      /^Failed to change password for root: 1 : BAD PASSWORD: The password is shorter than 12 characters\n/,
    );
    assert.match(readFileSync(join(tree, "etc/shadow"), "utf8"), /^root:\$6\$abcdefgh\$notTheHash/);
    const password = "a longer one, 12";
    assert.equal((await setPassword(tree, { password, before })).failure, undefined);
    assert.equal(await letsIn(tree, { password }), true);
  },
);

systemTest(
  "shadow that is put back has its SELinux label, owner and mode",
  { needs: [...needs, "attr"] },
  async (context) => {
    const tree = await scene(context, OLD_HASH);
    const shadow = join(tree, "etc/shadow");
    const before = readFileSync(shadow, "utf8");
    const label = "system_u:object_r:shadow_t:s0";
    const set = ["setfattr", "-n", "security.selinux", "-v", label, shadow] as const;
    await runChecked({ argv: set, timeoutMs: TIMEOUT_MS });
    const failing: JsonStep = { step: "run", argv: ["false"], timeoutMs: 1000, failure: "Broken" };
    assert.match((await setPassword(tree, { behind: [failing] })).failure ?? "", /^Broken/);
    assert.equal(readFileSync(shadow, "utf8"), before);
    const get = ["getfattr", "--only-values", "-n", "security.selinux", shadow] as const;
    assert.equal(await runChecked({ argv: get, timeoutMs: TIMEOUT_MS }), label);
  },
);

systemTest("a chpasswd that is busybox gets busybox's options", { needs }, async (context) => {
  const tree = await scene(context, "!");
  mkdirSync(join(tree, "sbin"));
  // Stands in for busybox, whose Debian builds have no chpasswd.
  const script = `#!/bin/sh\n{ echo "$0 $*"; cat; } >'${tree}/called'\n`;
  writeFileSync(join(tree, "busybox"), script, { mode: 0o755 });
  symlinkSync(join(tree, "busybox"), join(tree, "sbin/chpasswd"));
  const before = 'mount --bind "$0/sbin" /usr/sbin; PATH=/usr/sbin:$PATH';
  assert.equal((await setPassword(tree, { before })).failure, undefined);
  const called = readFileSync(join(tree, "called"), "utf8");
  assert.equal(called, `/usr/sbin/chpasswd -c sha512\nroot:${PASSWORD}\n`);
});
