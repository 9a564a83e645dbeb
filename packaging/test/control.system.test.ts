import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, type TestContext } from "node:test";
import { runChecked, systemTest } from "@nova-agent/testbed";
import { readVersion } from "../src/read-version.ts";
import { controlPackages } from "./support/built-packages.ts";
import { controlRoot, setUp, signIn, withService } from "./support/control-root.ts";
import { runIn, runInChecked } from "./support/debian-root.ts";
import { rpm } from "./support/rpm.ts";
import { PROGRAM_TIMEOUT_MS, TEST_TIMEOUT_MS } from "./support/limits.ts";
import { buildNodePackage, copyNode } from "./support/node-package.ts";

const options = { needs: ["root", "apt"], timeoutMs: TEST_TIMEOUT_MS } as const;

const built = controlPackages({ after });

/** A root with Node, in which the service is installed. */
async function installed(context: TestContext): Promise<string> {
  const root = await controlRoot(context);
  await copyFile(await buildNodePackage(context), join(root, "nodejs.deb"));
  await copyFile(await built("deb"), join(root, "control.deb"));
  await runInChecked(root, "dpkg -i /nodejs.deb && rm /nodejs.deb && dpkg -i /control.deb");
  return root;
}

systemTest("the deb of nova-control is refused where Node is too old", options, async (context) => {
  const root = await controlRoot(context);
  await copyFile(await buildNodePackage(context, "18.19.0+dfsg-6~deb12u2"), join(root, "nodejs.deb"));
  await copyFile(await built("deb"), join(root, "control.deb"));
  const { status, stderr } = await runIn(root, "dpkg -i /nodejs.deb && dpkg -i /control.deb");
  assert.equal(status, 1);
  assert.match(stderr, /nova-control depends on nodejs \(>= 20\.19\)/);
});

systemTest("what the deb installs serves, and an upgrade keeps what it has", options, async (context) => {
  const root = await installed(context);
  assert.equal(await runInChecked(root, "nova-control --version"), `nova-control ${readVersion()}\n`);
  assert.equal(await runInChecked(root, "dpkg --verify nova-control"), "");
  assert.equal((await runIn(root, "systemctl is-enabled nova-control")).stdout, "disabled\n");
  assert.equal((await stat(join(root, "etc/nova-control.conf"))).mode & 0o777, 0o600);
  await setUp(root);
  await withService(root, async (service) => {
    const health = await fetch(`${service.monitoringUrl}/healthz`);
    assert.deepEqual(await health.json(), { status: "ok", checks: { database: "ok", xenstore: "ok" } });
    assert.equal(await signIn(service), 201);
    assert.match(await (await fetch(service.url)).text(), /<script type="module"/);
    const metrics = await (await fetch(`${service.monitoringUrl}/metrics`)).text();
    assert.match(metrics, /^nova_agent_api_request_duration_seconds_count\{.*status="201"\} 1$/m);
  });

  await copyFile(await built("deb", "9.0.0"), join(root, "newer.deb"));
  await runInChecked(root, "systemctl enable nova-control");
  assert.match(await runInChecked(root, "dpkg -i /newer.deb"), /\d+ rows written to/);
  const backup = join(root, "var/lib/nova-control/backups", `before-upgrade-from-${readVersion()}`);
  assert.match(await readFile(backup, "utf8"), /"name":"ada"/);
  assert.equal((await stat(backup)).mode & 0o777, 0o600);
  assert.equal((await runIn(root, "systemctl is-enabled nova-control")).stdout, "enabled\n");
  await withService(root, async (service) => assert.equal(await signIn(service), 201));
});

systemTest("an upgrade of nova-control goes on where no backup can be written", options, async (context) => {
  const root = await installed(context);
  await mkdir(join(root, "var/lib/nova-control"));
  await writeFile(join(root, "etc/nova-control.conf"), "nonsense = 1\n");
  await copyFile(await built("deb", "9.0.0"), join(root, "newer.deb"));
  const said = await runInChecked(root, "dpkg -i /newer.deb");
  assert.match(said, /Unknown setting "nonsense"[^]*no backup was written before this upgrade/);
  assert.match(await runInChecked(root, "dpkg-query -W nova-control"), /\t9\.0\.0$/m);
});

systemTest(
  "removing nova-control keeps what it has, and a purge the guests' disks",
  options,
  async (context) => {
    const root = await installed(context);
    await setUp(root);
    await runInChecked(root, "systemctl enable nova-control && dpkg -r nova-control");
    const state = join(root, "var/lib/nova-control");
    assert.match(await readFile(join(root, "etc/nova-control.conf"), "utf8"), /^\[flavor small\]$/m);
    assert.ok(existsSync(join(state, "database")));
    assert.ok(!existsSync(join(root, "etc/systemd/system/multi-user.target.wants/nova-control.service")));
    assert.ok(!existsSync(join(root, "usr/lib/nova-control")));

    await runInChecked(root, "dpkg -i /control.deb");
    await mkdir(join(state, "disks"));
    await writeFile(join(state, "disks/guest"), "");
    assert.match(await runInChecked(root, "dpkg -P nova-control"), /disks of its guests stay/);
    assert.deepEqual(await readdir(state), ["disks"]);

    await runInChecked(
      root,
      "dpkg -i /control.deb && rm /var/lib/nova-control/disks/guest && dpkg -P nova-control",
    );
    assert.equal(await runInChecked(root, "find / -xdev -name '*nova-control*'"), "");
  },
);

const withRpm = { ...options, needs: [...options.needs, "rpmbuild"] } as const;

systemTest("the rpm of nova-control installs, backs up, and keeps what it has", withRpm, async (context) => {
  const root = await controlRoot(context);
  await copyNode(root);
  await rpm(root, "--install", await built("rpm"));
  assert.equal(await rpm(root, "--verify", "nova-control"), "");
  await setUp(root);
  await withService(root, async (service) => assert.equal(await signIn(service), 201));
  await rpm(root, "--upgrade", await built("rpm", "9.0.0"));
  const state = join(root, "var/lib/nova-control");
  assert.deepEqual(await readdir(join(state, "backups")), [`before-upgrade-from-${readVersion()}`]);
  await withService(root, async (service) => assert.equal(await signIn(service), 201));
  await rpm(root, "--erase", "nova-control");
  assert.ok(existsSync(join(state, "database")));
  const left = await runInChecked(root, "find /etc /usr -name '*nova-control*'");
  assert.equal(left, "/etc/nova-control.conf.rpmsave\n");
});

systemTest("the archive of nova-control installs, again over itself, and goes", options, async (context) => {
  const root = await controlRoot(context);
  await copyNode(root);
  await mkdir(join(root, "unpacked"));
  const unpack = [
    "tar",
    "-xzf",
    await built("tar"),
    "-C",
    join(root, "unpacked"),
    "--strip-components=1",
  ] as const;
  await runChecked({ argv: unpack, timeoutMs: PROGRAM_TIMEOUT_MS });
  await runInChecked(root, "/unpacked/install.sh");
  await setUp(root);
  await withService(root, async (service) => assert.equal(await signIn(service), 201));
  assert.match(await runInChecked(root, "/unpacked/install.sh"), /\d+ rows written to/);
  assert.equal((await stat(join(root, "etc/nova-control.conf"))).mode & 0o777, 0o600);
  await withService(root, async (service) => assert.equal(await signIn(service), 201));
  await runInChecked(root, "rm -r /unpacked && /usr/lib/nova-control/uninstall.sh --purge");
  assert.equal(await runInChecked(root, "find / -xdev -name '*nova-control*'"), "");
});
