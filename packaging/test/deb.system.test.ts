import assert from "node:assert/strict";
import { existsSync, readlinkSync } from "node:fs";
import { appendFile, copyFile, lstat, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { systemTest } from "@nova-agent/testbed";
import { builtPackage } from "./support/built-packages.ts";
import { debianRoot, runIn, runInChecked } from "./support/debian-root.ts";
import { TEST_TIMEOUT_MS } from "./support/limits.ts";
import { buildPredecessor } from "./support/predecessor.ts";

const options = { needs: ["root", "apt", "musl-gcc"], timeoutMs: TEST_TIMEOUT_MS } as const;

const WANTS = "etc/systemd/system/multi-user.target.wants";

/** A root with systemd, and the agent's package beside. */
async function rootWithPackage(context: TestContext): Promise<string> {
  const root = await debianRoot(context, { packages: ["systemd", "systemd-sysv"] });
  await copyFile(await builtPackage(context, "deb"), join(root, "nova-agent.deb"));
  return root;
}

systemTest("installing enables both services, and links their other names", options, async (context) => {
  const root = await rootWithPackage(context);
  await runInChecked(root, "dpkg -i /nova-agent.deb");
  assert.match(await runInChecked(root, "nova-agent --version"), /^nova-agent \d/);
  const states = "systemctl is-enabled nova-agent xe-daemon python3-nova-agent xe-linux-distribution";
  assert.equal(await runInChecked(root, states), "enabled\nenabled\nalias\nalias\n");
  assert.equal(await runInChecked(root, "dpkg --verify nova-agent"), "");
  const provided = "dpkg-query -W -f '${Provides}' nova-agent";
  assert.match(await runInChecked(root, provided), /python3-nova-agent .*xe-guest-utilities/);
});

systemTest("an upgrade keeps the user's configuration and what is disabled", options, async (context) => {
  const root = await rootWithPackage(context);
  await runInChecked(root, "dpkg -i /nova-agent.deb");
  await appendFile(join(root, "etc/nova-agent.conf"), "log_level = debug\n");
  await runInChecked(root, "systemctl disable nova-agent");
  await copyFile(await builtPackage(context, "deb", { version: "9.0.0" }), join(root, "newer.deb"));
  await runInChecked(root, "dpkg -i /newer.deb");
  assert.match(await readFile(join(root, "etc/nova-agent.conf"), "utf8"), /^log_level = debug$/m);
  assert.equal((await runIn(root, "systemctl is-enabled nova-agent")).stdout, "disabled\n");
  assert.equal((await runIn(root, "systemctl is-enabled xe-daemon")).stdout, "enabled\n");
});

systemTest("removing keeps the configuration, and a purge leaves nothing", options, async (context) => {
  const root = await rootWithPackage(context);
  await runInChecked(root, "dpkg -i /nova-agent.deb");
  await runInChecked(root, "mkdir -p /var/lib/nova-agent && touch /var/lib/nova-agent/something");
  await runInChecked(root, "dpkg -r nova-agent");
  assert.ok(existsSync(join(root, "etc/nova-agent.conf")));
  assert.ok(existsSync(join(root, "var/lib/nova-agent/something")));
  await assert.rejects(lstat(join(root, WANTS, "nova-agent.service")), { code: "ENOENT" });
  // What was removed and is installed again is as after the first time.
  await runInChecked(root, "dpkg -i /nova-agent.deb");
  assert.equal(await runInChecked(root, "systemctl is-enabled nova-agent"), "enabled\n");
  await runInChecked(root, "dpkg -P nova-agent");
  assert.equal(await runInChecked(root, "find / -xdev -name '*nova-agent*' -not -name '*.deb'"), "");
});

systemTest("removing gives the guest its network files back when asked to", options, async (context) => {
  const before = hostname();
  const root = await rootWithPackage(context);
  await runInChecked(
    root,
    "dpkg -i /nova-agent.deb && echo old >/etc/hostname && cp /etc/hostname /expected",
  );
  await runInChecked(
    root,
    `echo '{"hostname": "new"}' >/wanted.json && nova-agent network apply --root / --from /wanted.json`,
  );
  assert.equal(await readFile(join(root, "etc/hostname"), "utf8"), "new\n");
  await runInChecked(root, "NOVA_AGENT_UNDO=yes dpkg -r nova-agent && cmp /etc/hostname /expected");
  // All of it in a namespace of its own.
  assert.equal(hostname(), before);
});

systemTest("the services stay where giving the files back fails", options, async (context) => {
  const root = await rootWithPackage(context);
  await runInChecked(root, "dpkg -i /nova-agent.deb");
  await runInChecked(
    root,
    `echo '{"hostname": "new"}' >/wanted.json && nova-agent network apply --root / --from /wanted.json`,
  );
  // What is to become a file again is a directory by now.
  await runInChecked(root, "rm /etc/hostname && mkdir -p /etc/hostname/inside");
  const { status, stderr } = await runIn(root, "NOVA_AGENT_UNDO=yes dpkg -r nova-agent");
  assert.equal(status, 1, stderr);
  const states = "systemctl is-enabled nova-agent xe-daemon";
  assert.equal(await runInChecked(root, states), "enabled\nenabled\n");
  assert.match(await runInChecked(root, "dpkg-query -W -f '${Status}' nova-agent"), / installed$/);
});

systemTest("takes the place of python3-nova-agent", options, async (context) => {
  const root = await rootWithPackage(context);
  await copyFile(await buildPredecessor(context), join(root, "predecessor.deb"));
  await runInChecked(root, "dpkg -i /predecessor.deb");
  const link = join(root, WANTS, "python3-nova-agent.service");
  assert.equal(readlinkSync(link), "/lib/systemd/system/python3-nova-agent.service");
  // Its removal masks the name.
  await runInChecked(root, "dpkg -i /nova-agent.deb");
  assert.match(await runInChecked(root, "nova-agent --version"), /^nova-agent \d/);
  const states = "systemctl is-enabled nova-agent python3-nova-agent";
  assert.equal(await runInChecked(root, states), "enabled\nalias\n");
  await assert.rejects(lstat(link), { code: "ENOENT" });
  // What is left of it may go for good.
  await runInChecked(root, "dpkg -P python3-nova-agent");
  assert.equal(await runInChecked(root, states), "enabled\nalias\n");
});
