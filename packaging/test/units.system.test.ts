import assert from "node:assert/strict";
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { systemTest } from "@nova-agent/testbed";
import { packagingDirectory } from "../src/lay-out.ts";
import { builtPackage } from "./support/built-packages.ts";
import { debianRoot, runIn, runInChecked } from "./support/debian-root.ts";
import { TEST_TIMEOUT_MS } from "./support/limits.ts";

const options = { needs: ["root", "apt", "musl-gcc"], timeoutMs: TEST_TIMEOUT_MS } as const;

/** `systemd-analyze security` calls them UNSAFE, OK and EXPOSED: what two of them start is root's work on the whole system. */
const EXPOSURE_MAX = {
  "nova-agent.service": 9.6,
  "xe-daemon.service": 2.8,
  "nova-control.service": 7.5,
} as const;

/** A root with systemd and network managers, all of which are enabled, and the agent. */
async function systemdRoot(context: TestContext): Promise<string> {
  const root = await debianRoot(context, {
    packages: ["systemd", "systemd-sysv", "udev", "dbus"],
    filesOf: ["ifupdown", "network-manager", "cloud-init"],
  });
  await copyFile(await builtPackage(context, "deb"), join(root, "nova-agent.deb"));
  await runInChecked(root, "dpkg -i /nova-agent.deb");
  await installControlUnit(root);
  const others =
    "networking NetworkManager systemd-networkd cloud-init-local cloud-init cloud-config cloud-final";
  await runInChecked(root, `systemctl enable ${others}`);
  return root;
}

/** The control service as far as systemd sees it: the unit, and a program to be started. */
async function installControlUnit(root: string): Promise<void> {
  const unit = "lib/systemd/system/nova-control.service";
  await copyFile(join(packagingDirectory, "nova-control.service"), join(root, unit));
  await writeFile(join(root, "usr/bin/nova-control"), "#!/bin/sh\n", { mode: 0o755 });
  await runInChecked(root, "systemctl enable nova-control");
}

systemTest("all units are sound, and in no ordering cycle with Debian's", options, async (context) => {
  const root = await systemdRoot(context);
  const verify = "systemd-analyze --man=no --generators=no verify";
  const { stderr } = await runIn(root, `${verify} multi-user.target ${Object.keys(EXPOSURE_MAX).join(" ")}`);
  assert.doesNotMatch(stderr, /cycle|nova-agent|nova-control|xe-daemon|xe-linux/);
  // So that it is known to look at them.
  await runInChecked(root, "sed -i 's/^Restart=/Restrat=/' /lib/systemd/system/nova-control.service");
  await runInChecked(
    root,
    "sed -i 's/^Before=/Foo=/; s/^After=.*/&\\nAfter=nova-agent.service/' /lib/systemd/system/xe-daemon.service",
  );
  await runInChecked(
    root,
    "sed -i 's/^After=.*/& xe-daemon.service/' /lib/systemd/system/nova-agent.service",
  );
  const broken = await runIn(root, `${verify} multi-user.target`);
  assert.match(broken.stderr, /ordering cycle[^]*xe-daemon/);
  assert.match(broken.stderr, /nova-control\.service:\d+: Unknown key 'Restrat'/);
});

systemTest("the units keep as little of the system open as they can", options, async (context) => {
  const root = await systemdRoot(context);
  for (const [unit, most] of Object.entries(EXPOSURE_MAX)) {
    const said = await runInChecked(root, `systemd-analyze --offline=true --no-pager security ${unit}`);
    const [, exposure] = /Overall exposure level for \S+: ([\d.]+)/.exec(said) ?? [];
    assert.ok(Number(exposure) <= most, `${unit}: ${exposure}`);
  }
});

systemTest("what articles tell people to type works in a chroot", options, async (context) => {
  const root = await systemdRoot(context);
  for (const name of ["nova-agent", "python3-nova-agent", "xe-daemon", "xe-linux-distribution"]) {
    await runInChecked(root, `systemctl disable ${name}`);
    const unit = name.replace("python3-", "").replace("xe-linux-distribution", "xe-daemon");
    assert.equal((await runIn(root, `systemctl is-enabled ${unit}`)).stdout, "disabled\n");
    await runInChecked(root, `systemctl enable ${name}`);
    assert.equal(await runInChecked(root, `systemctl is-enabled ${unit}`), "enabled\n");
    assert.match(await runInChecked(root, `systemctl status ${name}`), /Running in chroot, ignoring/);
  }
  // Without systemd as its first process a chroot has the script that goes with the unit.
  const status = await runIn(root, "service nova-agent status");
  assert.equal(status.status, 3);
  assert.match(status.stdout, /nova-agent is not running/);
});
