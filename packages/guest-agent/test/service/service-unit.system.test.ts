import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chmod, cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { privateRoot, repositoryRoot, runProgram, systemTest, temporaryDirectory } from "@nova-agent/testbed";

const TIMEOUT_MS = 60_000;
const needs = ["apt"] as const;

/** What a guest may have of services that want to be before, behind or around the network. */
const packages = ["systemd", "udev", "dbus", "ifupdown", "network-manager", "cloud-init"];

/** Targets and the services that are enabled for them, all of the managers at once. */
const enabled: Readonly<Record<string, readonly string[]>> = {
  "multi-user.target": [
    "nova-agent.service",
    "networking.service",
    "NetworkManager.service",
    "systemd-networkd.service",
    "xe-linux-distribution.service",
    "cloud-init.target",
  ],
  "cloud-init.target": [
    "cloud-init-local.service",
    "cloud-init.service",
    "cloud-config.service",
    "cloud-final.service",
  ],
  "network-online.target": ["NetworkManager-wait-online.service", "systemd-networkd-wait-online.service"],
};

/** The service that publishes to the Xen host stands behind the network on many guests. */
const XE_UNIT = `[Unit]
Wants=network-online.target
After=network-online.target
[Service]
Type=oneshot
ExecStart=/bin/true
`;

const unit = await readFile(join(repositoryRoot(), "packaging/nova-agent.service"), "utf8");

/** A root with Debian's units and this one of the agent, all enabled. */
async function rootWith(context: TestContext, ownUnit: string): Promise<string> {
  const root = await temporaryDirectory(context);
  await cp(await privateRoot(packages), root, { recursive: true, verbatimSymlinks: true });
  const units = join(root, "lib/systemd/system");
  await writeFile(join(units, "nova-agent.service"), ownUnit);
  await writeFile(join(units, "xe-linux-distribution.service"), XE_UNIT);
  for (const path of ["usr/bin/nova-agent", "bin/true"]) {
    await writeFile(join(root, path), "#!/bin/sh\n");
    await chmod(join(root, path), 0o755);
  }
  for (const [target, services] of Object.entries(enabled)) {
    const wants = join(root, "etc/systemd/system", `${target}.wants`);
    await mkdir(wants, { recursive: true });
    for (const service of services) {
      assert.ok(existsSync(join(units, service)), `${service} is not there`);
      await symlink(`/lib/systemd/system/${service}`, join(wants, service));
    }
  }
  return root;
}

/** What systemd-analyze(1) says of a boot to multi-user.target; undefined where it is not installed. */
async function verify(context: TestContext, ownUnit: string): Promise<string | undefined> {
  if (!isInstalled("systemd-analyze")) return undefined;
  const root = await rootWith(context, ownUnit);
  const argv = ["systemd-analyze", `--root=${root}`, "--man=no", "--generators=no", "verify"] as const;
  const { stderr } = await runProgram({ argv: [...argv, "multi-user.target"], timeoutMs: TIMEOUT_MS });
  return stderr;
}

function isInstalled(name: string): boolean {
  return (process.env["PATH"] ?? "").split(":").some((folder) => existsSync(join(folder, name)));
}

systemTest("the unit makes no ordering cycle with Debian's units", { needs }, async (context) => {
  const said = await verify(context, unit);
  if (said === undefined) return context.skip("needs systemd-analyze");
  assert.doesNotMatch(said, /cycle|nova-agent/);
});

// So that the test above is known to look at the boot it means.
for (const [what, line] of [
  ["D-Bus", "After=dbus.service"],
  ["a service that waits for the network", "After=xe-linux-distribution.service"],
] as const) {
  systemTest(`an agent behind ${what} would be in a cycle`, { needs }, async (context) => {
    const said = await verify(context, unit.replace("[Unit]\n", `[Unit]\n${line}\n`));
    if (said === undefined) return context.skip("needs systemd-analyze");
    assert.match(said, /ordering cycle[^]*nova-agent\.service/);
  });
}

/** The names that a setting of the unit lists. */
function valuesOf(setting: string): readonly string[] {
  return new RegExp(`^${setting}=(.*)$`, "m").exec(unit)?.[1]?.split(" ") ?? [];
}

systemTest("the network managers and cloud-init start behind the agent", { needs: [] }, async () => {
  assert.ok(valuesOf("Wants").includes("network-pre.target"));
  assert.deepEqual(
    ["network-pre.target", "cloud-init-local.service"].filter((name) => !valuesOf("Before").includes(name)),
    [],
  );
});
