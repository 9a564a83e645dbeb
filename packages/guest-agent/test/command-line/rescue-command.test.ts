import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeUtf8, XenstoreError } from "@nova-agent/xenstore";
import { type RescuePart, rescueParts } from "../../src/command-line/command-line.ts";
import { createLogger } from "../../src/log.ts";
import { runRescueCommand } from "../../src/command-line/rescue-command.ts";
import { runUndoCommand } from "../../src/command-line/undo-command.ts";
import { createDoctorGuest } from "../support/doctor-guest.ts";
import { createFakeSystem, FAKE_UNIX_TIME, type FakeSystem } from "../support/fake-system.ts";
import { withoutOriginals } from "../support/without-originals.ts";

const log = createLogger({ level: "debug", write: () => {}, unixTime: () => 0 });
const PASSWORD = "new: pässwörd";
const HASH = `$6$saltsaltsaltsalt$${"h".repeat(86)}`;
const ROOT = "/mnt/rescue";
const DHCP = "auto lo eth0\niface lo inet loopback\niface eth0 inet dhcp\n";
const today = Math.floor(FAKE_UNIX_TIME / 86_400);

interface Asked {
  readonly parts?: readonly RescuePart[];
  readonly isDryRun?: boolean;
  readonly input?: string;
  readonly root?: string;
}

async function rescue(system: FakeSystem, asked: Asked = {}) {
  const { parts = rescueParts, isDryRun = false, input = `${PASSWORD}\n`, root = ROOT } = asked;
  let [output, prompt] = ["", ""];
  const isDone = await runRescueCommand({
    system,
    log,
    root,
    parts,
    isDryRun,
    readInput: async () => encodeUtf8(input),
    print: (text) => void (output += text),
    printError: (text) => void (prompt += text),
  });
  return { isDone, output, prompt };
}

/** A machine whose first program that hashes is the one named, with a mounted root. */
function createRescue(hasher = "openssl"): FakeSystem {
  const system = createFakeSystem({
    run: ({ argv }) => (argv[0] === hasher ? { stdout: `${HASH}\n` } : { errno: "ENOENT" }),
  });
  system.files.addFile(`${ROOT}/etc/passwd`, "root:x:0:0:root:/root:/bin/sh\n");
  system.files.addFile(`${ROOT}/etc/shadow`, "root:!:19000:0:99999:7::1:\nother:*:19000::::::\n", {
    mode: 0o640,
    gid: 42,
  });
  return system;
}

test("a rescue of a Debian guest sets the password, enables the services and mends the network", async () => {
  const system = await createDoctorGuest({
    root: ROOT,
    run: (argv) => (argv[0] === "openssl" ? { stdout: HASH } : undefined),
  });
  const { files } = system;
  const mended = files.text(`${ROOT}/etc/network/interfaces`);
  files.addFile(`${ROOT}/etc/network/interfaces`, DHCP);
  files.addFile(`${ROOT}/etc/shadow`, "root:!$6$old:19000:0:99999:7:::\n");
  files.addLink(`${ROOT}/etc/systemd/system/nova-agent.service`, "/dev/null");
  const wants = `${ROOT}/etc/systemd/system/multi-user.target.wants`;
  for (const name of ["nova-agent", "xe-daemon"]) files.remove(`${wants}/${name}.service`);
  const { isDone, output } = await rescue(system);
  assert.equal(
    output,
    "password: root has the new password, and the account is open\n" +
      "services: xe-linux-distribution, xe-daemon, nova-agent start with the system\n" +
      "network: the files say what the host wants of eth0 (bc:76:4e:20:6c:5b)\n",
  );
  assert.equal(isDone, true);
  assert.equal(files.text(`${ROOT}/etc/network/interfaces`), mended);
  assert.equal(files.text(`${ROOT}/etc/shadow`), `root:${HASH}:${today}:0:99999:7:::\n`);
  assert.equal(files.status(`${ROOT}/etc/systemd/system/nova-agent.service`), undefined);
  assert.equal(files.readLink(`${wants}/nova-agent.service`), "/lib/systemd/system/nova-agent.service");
  assert.equal(files.readLink(`${wants}/xe-daemon.service`), "/lib/systemd/system/xe-daemon.service");
  assert.equal(files.text(`${ROOT}/etc/hostname`), "web01\n");
});

test("the password reaches the hasher's standard input and nothing else, and its line is zeroed", async () => {
  const seen: Uint8Array[] = [];
  const system = createRescue();
  const run = system.run.bind(system);
  const watched: FakeSystem = {
    ...system,
    run: (call) => {
      if (call.stdin !== undefined) seen.push(call.stdin);
      return run(call);
    },
  };
  const { isDone, output } = await rescue(watched, { parts: ["password"] });
  assert.equal(isDone, true);
  const [call] = system.calls;
  assert.deepEqual(call?.argv, ["openssl", "passwd", "-6", "-stdin"]);
  assert.equal(call?.stdin, `${PASSWORD}\n`);
  assert.ok(seen.every((bytes) => bytes.every((byte) => byte === 0)));
  assert.ok(!output.includes(PASSWORD) && !output.includes(HASH));
  assert.deepEqual(
    Object.keys(system.files.all()).filter((path) => path.includes("originals")),
    [],
  );
});

test("the account is unlocked and expires no more; others, mode and owner stay", async () => {
  const system = createRescue();
  await rescue(system, { parts: ["password"] });
  const expected = `root:${HASH}:${today}:0:99999:7:::\nother:*:19000::::::\n`;
  assert.equal(system.files.text(`${ROOT}/etc/shadow`), expected);
  assert.deepEqual(system.files.attributes(`${ROOT}/etc/shadow`), { mode: 0o640, uid: 0, gid: 42 });
});

for (const program of ["mkpasswd", "perl", "python3", "busybox"]) {
  test(`${program} hashes where the others are not there`, async () => {
    const system = createRescue(program);
    assert.equal((await rescue(system, { parts: ["password"] })).isDone, true);
    assert.equal(system.calls.at(-1)?.argv[0], program);
  });
}

test("a rescue without a program that hashes says what to install, and does the rest", async () => {
  const system = createRescue("none");
  addSysv(system);
  const before = system.files.text(`${ROOT}/etc/shadow`);
  const { isDone, output } = await rescue(system, { parts: ["password", "services"] });
  assert.equal(isDone, false);
  assert.match(
    output,
    /^password: NOT DONE: No program here hashes .+ openssl, .+\nservices: .+ start with the system\n$/,
  );
  assert.equal(system.files.text(`${ROOT}/etc/shadow`), before);
});

for (const [what, input, message] of [
  ["empty", "\n", "Password must not be empty"],
  ["of two lines", "a\nb\n", "Password must not contain a line feed"],
  ["with a NUL byte", "a\0b\n", "Password must not contain a NUL byte"],
] as const) {
  test(`a password that is ${what} is refused`, async () => {
    const { isDone, output } = await rescue(createRescue(), { parts: ["password"], input });
    assert.deepEqual({ isDone, output }, { isDone: false, output: `password: NOT DONE: ${message}\n` });
  });
}

test("whoever types is asked, and told that it is seen", async () => {
  const system = createRescue();
  assert.equal((await rescue(system, { parts: ["password"] })).prompt, "");
  system.files.addLink("/proc/self/fd/0", "/dev/pts/3");
  assert.match((await rescue(system, { parts: ["password"] })).prompt, /^New password of root.+ seen/);
});

const SCRIPT = `#!/bin/sh
# chkconfig: 2345 15 85
### BEGIN INIT INFO
# Provides:          nova-agent
# Required-Start:    $remote_fs $syslog xe-linux-distribution
# Default-Start:     2 3 4 5
# Default-Stop:      0 1 6
### END INIT INFO
`;

function addSysv({ files }: FakeSystem, levels = `${ROOT}/etc`): void {
  files.addDirectory(`${ROOT}/etc/init.d`);
  files.addFile(`${ROOT}/etc/init.d/nova-agent`, SCRIPT);
  files.addFile(`${ROOT}/etc/init.d/xe-linux-distribution`, SCRIPT.replace("15 85", "14 86"));
  for (const level of [0, 2, 3, 4, 5]) files.addDirectory(`${levels}/rc${level}.d`);
}

/** The links to a service below a directory, by path. */
function linksOf({ files }: FakeSystem, directory: string, name: string): Record<string, string> {
  const folders = files
    .list(directory)
    .filter((each) => files.status(`${directory}/${each}`)?.kind === "directory");
  const paths = folders.flatMap((folder) =>
    files.list(`${directory}/${folder}`).map((each) => `${folder}/${each}`),
  );
  const links = paths.filter(
    (path) => path.endsWith(name) && files.status(`${directory}/${path}`)?.kind === "link",
  );
  return Object.fromEntries(links.map((path) => [path, files.readLink(`${directory}/${path}`)]));
}

const services = { parts: ["services"] } as const;

test("with System V, links start the services in the levels of their headers, in order", async () => {
  const system = createRescue();
  addSysv(system);
  system.files.addLink(`${ROOT}/etc/rc3.d/K85nova-agent`, "../init.d/nova-agent");
  system.files.addLink(`${ROOT}/etc/rc5.d/S20xe-linux-distribution`, "../init.d/xe-linux-distribution");
  assert.equal((await rescue(system, services)).isDone, true);
  const target = "../init.d/nova-agent";
  assert.deepEqual(linksOf(system, `${ROOT}/etc`, "nova-agent"), {
    "rc2.d/S15nova-agent": target,
    "rc3.d/S15nova-agent": target,
    "rc4.d/S15nova-agent": target,
    "rc5.d/S21nova-agent": target,
  });
  assert.equal(
    system.files.readLink(`${ROOT}/etc/rc2.d/S14xe-linux-distribution`),
    "../init.d/xe-linux-distribution",
  );
});

test("on Red Hat's systems of that time the links are in rc.d, and SELinux labels anew", async () => {
  const system = createRescue();
  addSysv(system, `${ROOT}/etc/rc.d`);
  system.files.addFile(`${ROOT}/etc/selinux/config`, "# SELINUX= can be\nSELINUX=enforcing\n");
  const { output } = await rescue(system, services);
  assert.match(output, /start with the system; SELinux labels its files anew at the next start\n$/);
  assert.equal(system.files.text(`${ROOT}/.autorelabel`), "");
  assert.deepEqual(Object.keys(linksOf(system, `${ROOT}/etc/rc.d`, "nova-agent")).length, 4);
});

test("with OpenRC, links in the default runlevel start the services", async () => {
  const system = createRescue();
  system.files.addFile(`${ROOT}/sbin/openrc`, "");
  system.files.addFile(`${ROOT}/etc/init.d/nova-agent`, "depend() {\n  before net\n}\n");
  system.files.addDirectory(`${ROOT}/etc/runlevels/default`);
  assert.equal((await rescue(system, services)).isDone, true);
  assert.equal(system.files.readLink(`${ROOT}/etc/runlevels/default/nova-agent`), "/etc/init.d/nova-agent");
});

test("with Upstart, a job is manual no more", async () => {
  const system = createRescue();
  for (const path of ["/sbin/initctl", "/etc/init/rc.conf"]) system.files.addFile(`${ROOT}${path}`, "");
  system.files.addFile(`${ROOT}/etc/init/nova-agent.conf`, "start on runlevel [2345]\n");
  system.files.addFile(`${ROOT}/etc/init/nova-agent.override`, "manual\n");
  assert.equal((await rescue(system, services)).isDone, true);
  assert.equal(system.files.status(`${ROOT}/etc/init/nova-agent.override`), undefined);
});

test("systemd's units get the links of all that their [Install] sections name", async () => {
  const system = createRescue();
  system.files.addFile(`${ROOT}/usr/lib/systemd/systemd`, "");
  const unit =
    "[Install]\nWantedBy=multi-user.target\nRequiredBy=a.target b.target\nAlias=python3-nova-agent.service\n";
  system.files.addFile(`${ROOT}/usr/lib/systemd/system/nova-agent.service`, unit);
  assert.equal((await rescue(system, services)).isDone, true);
  const target = "/usr/lib/systemd/system/nova-agent.service";
  assert.deepEqual(linksOf(system, `${ROOT}/etc/systemd/system`, "nova-agent.service"), {
    "a.target.requires/nova-agent.service": target,
    "b.target.requires/nova-agent.service": target,
    "multi-user.target.wants/nova-agent.service": target,
  });
  assert.equal(system.files.readLink(`${ROOT}/etc/systemd/system/python3-nova-agent.service`), target);
});

test("a second rescue changes nothing but the password", async () => {
  const system = createRescue();
  addSysv(system);
  await rescue(system);
  const changes = system.files.changes.length;
  await rescue(system, services);
  assert.deepEqual(system.files.changes.slice(changes), []);
});

test("a dry run shows the steps, asks nothing and changes nothing", async () => {
  const system = createRescue();
  addSysv(system);
  const { output } = await rescue(system, { isDryRun: true, parts: ["password", "services"] });
  assert.match(
    output,
    /^password\nset password of root in \/etc\/shadow to \[redacted\], and open the account\nservices\nlink /,
  );
  assert.match(output, /^link \/etc\/rc3\.d\/S15nova-agent to \.\.\/init\.d\/nova-agent$/m);
  assert.deepEqual([system.files.changes, system.calls], [[], []]);
});

test("undo takes the services' links and the network's files back, and no old password", async () => {
  const system = createRescue();
  addSysv(system);
  const before = withoutOriginals(system.files.all());
  await rescue(system, { parts: ["password", "services"] });
  let shown = "";
  const print = (text: string): void => void (shown += text);
  assert.equal(await runUndoCommand({ system, log, root: ROOT, isAppliedAtStart: false, print }), true);
  assert.match(shown, /S15nova-agent is as it was/);
  assert.deepEqual(linksOf(system, `${ROOT}/etc`, "nova-agent"), {});
  const after = {
    ...withoutOriginals(system.files.all()),
    [`${ROOT}/etc/shadow`]: before[`${ROOT}/etc/shadow`],
  };
  assert.deepEqual(after, before);
  assert.match(system.files.text(`${ROOT}/etc/shadow`) ?? "", /^root:\$6\$/);
});

test("without XenStore the network is left, which is told, and the rest is done", async () => {
  const system = createRescue();
  addSysv(system);
  const { isDone, output } = await rescue({
    ...system,
    connectXenstore: () => Promise.reject(new XenstoreError("ENOENT", "No XenStore here")),
  });
  assert.equal(isDone, false);
  assert.match(output, /\nnetwork: NOT DONE: No XenStore here\n$/);
});

test("a system without the agent, and one whose init is not known, are named", async () => {
  const system = createRescue();
  assert.match(
    (await rescue(system, services)).output,
    /^services: NOT DONE: What starts .+ is not known\n$/,
  );
  system.files.addDirectory(`${ROOT}/etc/init.d`);
  assert.match(
    (await rescue(system, services)).output,
    /^services: NOT DONE: nova-agent is not installed there \(SysV\)\n$/,
  );
});

test("neither the running system nor an empty directory is rescued", async () => {
  const system = createRescue();
  await assert.rejects(rescue(system, { root: "/" }), { code: "AGENT_BAD_SETTING" });
  system.files.addDirectory("/mnt/empty");
  await assert.rejects(rescue(system, { root: "/mnt/empty" }), {
    message: /which has no etc\/passwd; mount/,
  });
});

for (const [what, add, name] of [
  ["interfaces of enX", "/etc/network/interfaces", "enX0"],
  ["udev's rules", "/etc/udev/rules.d/70-persistent-net.rules", "lan0"],
] as const) {
  test(`a VIF is called as ${what} call it`, async () => {
    const system = await createDoctorGuest({ root: ROOT });
    const rule = `SUBSYSTEM=="net", ATTR{address}=="bc:76:4e:20:6c:5b", NAME="${name}"\n`;
    system.files.addFile(ROOT + add, add.endsWith(".rules") ? rule : "auto enX0\niface enX0 inet dhcp\n");
    const { output } = await rescue(system, { parts: ["network"] });
    assert.match(output, new RegExp(`^network: the files say what the host wants of ${name} `));
    assert.match(
      system.files.text(`${ROOT}/etc/network/interfaces`) ?? "",
      new RegExp(`iface ${name} inet static`),
    );
  });
}
