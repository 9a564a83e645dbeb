import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { appendFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { runChecked, systemTest } from "@nova-agent/testbed";
import { builtPackage } from "./support/built-packages.ts";
import { debianRoot, runInChecked } from "./support/debian-root.ts";
import { PROGRAM_TIMEOUT_MS, TEST_TIMEOUT_MS } from "./support/limits.ts";

const options = { needs: ["root", "apt", "musl-gcc"], timeoutMs: TEST_TIMEOUT_MS } as const;

systemTest("the archive installs under a root, again over itself, and goes", options, async (context) => {
  const root = await debianRoot(context, { packages: ["systemd", "systemd-sysv"] });
  await mkdir(join(root, "unpacked"));
  const archive = await builtPackage(context, "tar");
  const unpack = ["tar", "-xzf", archive, "-C", join(root, "unpacked"), "--strip-components=1"] as const;
  await runChecked({ argv: unpack, timeoutMs: PROGRAM_TIMEOUT_MS });
  // As in rescue mode: from outside, with the disk mounted.
  const install = ["unshare", "--uts", "--net", join(root, "unpacked/install.sh"), "--root", root] as const;
  await runChecked({ argv: install, timeoutMs: PROGRAM_TIMEOUT_MS });
  assert.match(await runInChecked(root, "nova-agent --version"), /^nova-agent \d/);
  const states = "systemctl is-enabled nova-agent xe-daemon python3-nova-agent";
  assert.equal(await runInChecked(root, states), "enabled\nenabled\nalias\n");
  await appendFile(join(root, "etc/nova-agent.conf"), "log_level = debug\n");
  await runChecked({ argv: install, timeoutMs: PROGRAM_TIMEOUT_MS });
  assert.match(await readFile(join(root, "etc/nova-agent.conf"), "utf8"), /^log_level = debug$/m);
  await runInChecked(root, "/usr/lib/nova-agent/uninstall.sh");
  assert.ok(existsSync(join(root, "etc/nova-agent.conf")) && !existsSync(join(root, "usr/bin/nova-agent")));
  await runChecked({ argv: install, timeoutMs: PROGRAM_TIMEOUT_MS });
  await runInChecked(root, "rm -r /unpacked && /usr/lib/nova-agent/uninstall.sh --purge");
  assert.equal(await runInChecked(root, "find / -xdev -name '*nova-agent*'"), "");
});
