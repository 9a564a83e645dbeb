import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { appendFile, lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { runChecked, systemTest } from "@nova-agent/testbed";
import { builtPackage } from "./support/built-packages.ts";
import { debianRoot, runIn, runInChecked } from "./support/debian-root.ts";
import { PROGRAM_TIMEOUT_MS, TEST_TIMEOUT_MS } from "./support/limits.ts";
import { rpm } from "./support/rpm.ts";
import { buildRpmPredecessor } from "./support/rpm-predecessor.ts";

const options = { needs: ["root", "apt", "musl-gcc", "rpmbuild"], timeoutMs: TEST_TIMEOUT_MS } as const;

const WANTED = "etc/systemd/system/multi-user.target.wants/nova-agent.service";

async function systemdRoot(context: TestContext): Promise<string> {
  return debianRoot(context, { packages: ["systemd", "systemd-sysv"] });
}

systemTest("the rpm installs, keeps what the user changed, and goes", options, async (context) => {
  const root = await systemdRoot(context);
  await rpm(root, "--install", await builtPackage(context, "rpm"));
  assert.match(await runInChecked(root, "nova-agent --version"), /^nova-agent \d/);
  const states = "systemctl is-enabled nova-agent xe-daemon python3-nova-agent xe-linux-distribution";
  assert.equal(await runInChecked(root, states), "enabled\nenabled\nalias\nalias\n");
  assert.equal(await rpm(root, "--verify", "nova-agent"), "");
  await appendFile(join(root, "etc/nova-agent.conf"), "log_level = debug\n");
  await runInChecked(root, "systemctl disable nova-agent");
  await rpm(root, "--upgrade", await builtPackage(context, "rpm", { version: "9.0.0" }));
  assert.match(await readFile(join(root, "etc/nova-agent.conf"), "utf8"), /^log_level = debug$/m);
  assert.equal((await runIn(root, "systemctl is-enabled nova-agent")).stdout, "disabled\n");
  await rpm(root, "--erase", "nova-agent");
  assert.ok(existsSync(join(root, "etc/nova-agent.conf.rpmsave")));
  assert.ok(!existsSync(join(root, "usr/bin/nova-agent")));
  await assert.rejects(lstat(join(root, WANTED)), { code: "ENOENT" });
  const left = await runInChecked(root, "find /etc /usr -name '*nova-agent*'");
  assert.equal(left, "/etc/nova-agent.conf.rpmsave\n");
});

systemTest("the rpm takes the place of python3-nova-agent", options, async (context) => {
  const root = await systemdRoot(context);
  await rpm(root, "--install", await buildRpmPredecessor(context));
  assert.equal(await runInChecked(root, "systemctl is-enabled python3-nova-agent"), "enabled\n");
  // Its removal disables the name, which by then is another one of our service.
  await rpm(root, "--upgrade", await builtPackage(context, "rpm"));
  assert.match(await runInChecked(root, "nova-agent --version"), /^nova-agent \d/);
  const states = "systemctl is-enabled nova-agent xe-daemon python3-nova-agent xe-linux-distribution";
  assert.equal(await runInChecked(root, states), "enabled\nenabled\nalias\nalias\n");
  await assert.rejects(rpm(root, "--erase", "python3-nova-agent"), /is not installed/);
});

systemTest("without systemd the rpm puts scripts of System V in place", options, async (context) => {
  const root = await debianRoot(context, { packages: ["sysvinit-core", "sysv-rc", "insserv"] });
  await rpm(root, "--install", await builtPackage(context, "rpm"));
  assert.match(await runInChecked(root, "ls /etc/rc2.d"), /^S\d\dnova-agent$/m);
  assert.equal((await runIn(root, "service nova-agent status")).status, 3);
  await rpm(root, "--erase", "nova-agent");
  assert.doesNotMatch(await runInChecked(root, "ls /etc/rc2.d /etc/init.d"), /nova-agent|xe-linux/);
});

systemTest("the rpm says what it takes the place of", options, async (context) => {
  const path = await builtPackage(context, "rpm");
  const query = (what: string) =>
    runChecked({ argv: ["rpm", "-qp", `--${what}`, path], timeoutMs: PROGRAM_TIMEOUT_MS });
  assert.match(await query("obsoletes"), /^python3-nova-agent[^]*^xe-guest-utilities /m);
  assert.match(await query("provides"), /^python3-nova-agent[^]*^xe-guest-utilities /m);
  // No C library and no program is asked for.
  const wanted = (await query("requires")).split("\n").filter((line) => line !== "");
  assert.deepEqual(
    wanted.filter((line) => !/^(?:rpmlib\(|\/bin\/sh$|config\(nova-agent\))/.test(line)),
    [],
  );
});
