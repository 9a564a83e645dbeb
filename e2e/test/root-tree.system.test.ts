import assert from "node:assert/strict";
import { readdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { runChecked, temporaryDirectory } from "@nova-agent/testbed";
import { demoTest } from "./support/demo-test.ts";
import { guestFile, guestctl, launchDemo, runDirectory, startDemo } from "./support/demo.ts";
import { machineState } from "./support/machine.ts";

const FORBID = 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"';

/** Runs a command in a user namespace in which no further one may be made. */
const NO_NAMESPACES = ["unshare", "--user", "--map-root-user", "sh", "-c", FORBID, "sh"] as const;

demoTest(
  "a guest of files alone is told as such and this machine is not touched",
  { needs: ["ip"] },
  async (cleanup) => {
    const before = await machineState();
    const directory = await runDirectory(cleanup);
    const demo = await startDemo(cleanup, { directory, guest: "root-tree" });
    assert.match(demo.process.stdout(), /Mode +root tree/);
    assert.equal(await guestFile(demo, "/etc/hostname"), "demo\n");
    assert.match(await guestFile(demo, "/etc/network/interfaces"), /address 203\.0\.113\.10\/24/);
    assert.deepEqual(await machineState(), before);
    demo.process.kill("SIGTERM");
    await demo.process.exited;
    assert.deepEqual(await readdir(dirname(directory)), []);
  },
);

demoTest("file injection works in a guest of files alone", { needs: [] }, async (cleanup) => {
  const demo = await startDemo(cleanup, { directory: await runDirectory(cleanup), guest: "root-tree" });
  const local = join(await temporaryDirectory(cleanup), "local");
  await writeFile(local, "text\n");
  const injected = await guestctl(demo, ["inject-file", "demo", local, "/etc/motd"]);
  assert.equal(injected.status, 0, injected.stderr);
  assert.equal(await guestFile(demo, "/etc/motd"), "text\n");
  assert.equal((await stat(`${demo.tree}/etc/motd`)).mode & 0o777, 0o600);
});

// Without a namespace only root may let chpasswd(8) work under another root directory.
demoTest("a password is set in a guest of files alone", { needs: ["root"] }, async (cleanup) => {
  const demo = await startDemo(cleanup, { directory: await runDirectory(cleanup), guest: "root-tree" });
  const password = await guestctl(demo, ["password", "demo"], "Secret-2\n");
  assert.equal(password.status, 0, password.stderr);
  const hash = /^root:([^:]+):/m.exec(await guestFile(demo, "/etc/shadow"))?.[1] ?? "";
  const argv = ["perl", "-e", "print crypt($ARGV[0], $ARGV[1])", "Secret-2", hash] as const;
  assert.equal(await runChecked({ argv, timeoutMs: 10_000 }), hash);
});

demoTest(
  "where namespaces are forbidden the guest is one of files alone and the reason is told",
  { needs: ["namespaces"] },
  async (cleanup) => {
    const directory = await runDirectory(cleanup);
    const demo = await startDemo(cleanup, { directory, guest: "auto", launcher: NO_NAMESPACES });
    assert.match(demo.process.stdout(), /Mode +root tree \(Cannot make namespaces: unshare: .+\)/);
    assert.equal((await guestctl(demo, ["version", "demo"])).status, 0);
  },
);

demoTest(
  "where namespaces are forbidden and asked for the start fails with a way out",
  { needs: ["namespaces"] },
  async (cleanup) => {
    const directory = await runDirectory(cleanup);
    const options = { directory, guest: "namespaces", launcher: NO_NAMESPACES } as const;
    const { status, stderr } = await launchDemo(cleanup, options).exited;
    assert.equal(status, 1);
    assert.match(stderr, /^Error GUEST_NOT_STARTED: Cannot make namespaces: .+\n .*--guest root-tree/);
    assert.deepEqual(await readdir(dirname(directory)), []);
  },
);
