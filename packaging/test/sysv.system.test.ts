import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { appendFile, copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { systemTest } from "@nova-agent/testbed";
import { builtPackage, packagingSource } from "./support/built-packages.ts";
import { debianRoot, runIn, runInChecked } from "./support/debian-root.ts";
import { TEST_TIMEOUT_MS } from "./support/limits.ts";
import { withServedXenstore } from "./support/served-xenstore.ts";

const options = { needs: ["root", "apt", "musl-gcc"], timeoutMs: TEST_TIMEOUT_MS } as const;

/** Debian with scripts of System V, and services that want to be before or behind the network. */
async function sysvRoot(context: TestContext): Promise<string> {
  const root = await debianRoot(context, {
    packages: ["sysvinit-core", "sysv-rc", "insserv", "initscripts", "startpar"],
    filesOf: ["ifupdown", "cloud-init", "openssh-server", "rsyslog", "udev", "dbus"],
  });
  // What their packages' scripts do when they are configured.
  await runInChecked(root, "for each in /etc/init.d/*; do insserv ${each##*/} || true; done");
  await copyFile(await builtPackage(context, "deb"), join(root, "nova-agent.deb"));
  return root;
}

/** The numbers of the links that start services in a runlevel, by the services' names. */
async function startOrder(root: string, level: string): Promise<ReadonlyMap<string, number>> {
  const names = await readdir(join(root, `etc/rc${level}.d`));
  const links = names.flatMap((name) => /^S(\d\d)(.+)$/.exec(name) ?? []);
  const order = new Map<string, number>();
  for (let at = 0; at < links.length; at += 3) order.set(links[at + 2] ?? "", Number(links[at + 1]));
  return order;
}

systemTest("insserv starts xe-daemon first, then the agent, then cloud-init", options, async (context) => {
  const root = await sysvRoot(context);
  const said = await runInChecked(root, "dpkg -i /nova-agent.deb && insserv --verbose --dryrun nova-agent");
  assert.doesNotMatch(said, /loop|warning|error|must be|missing/i);
  for (const level of ["2", "3", "4", "5"]) {
    const order = await startOrder(root, level);
    const [publisher = 0, agent = 0] = [order.get("xe-linux-distribution"), order.get("nova-agent")];
    assert.ok(publisher > 0 && publisher < agent, `xe-daemon ${publisher}, agent ${agent}`);
    const later = order.get("cloud-init-local") ?? 0;
    assert.ok(later > agent, `cloud-init ${later}, agent ${agent}`);
  }
});

systemTest("chkconfig's line starts them at 14 and 15 in the usual runlevels", { needs: [] }, () => {
  const line = /^# chkconfig: (\S+) (\d+) (\d+)$/m;
  assert.deepEqual(line.exec(packagingSource("sysv/xe-linux-distribution"))?.slice(1), ["2345", "14", "86"]);
  assert.deepEqual(line.exec(packagingSource("sysv/nova-agent"))?.slice(1), ["2345", "15", "85"]);
});

systemTest("the services are removed from the runlevels with the package", options, async (context) => {
  const root = await sysvRoot(context);
  await runInChecked(root, "dpkg -i /nova-agent.deb");
  await runInChecked(root, "dpkg -P nova-agent");
  const left = await runInChecked(root, "ls /etc/rc?.d /etc/init.d");
  assert.doesNotMatch(left, /nova-agent|xe-linux-distribution/);
});

systemTest("the scripts say and do nothing once the package is removed", options, async (context) => {
  const root = await sysvRoot(context);
  await runInChecked(root, "dpkg -i /nova-agent.deb && dpkg -r nova-agent");
  for (const name of ["nova-agent", "xe-linux-distribution"]) {
    assert.equal(await runInChecked(root, `/etc/init.d/${name} start && /etc/init.d/${name} stop`), "");
  }
});

systemTest("service starts, shows and stops the agent", options, async (context) => {
  const root = await sysvRoot(context);
  await runInChecked(root, "dpkg -i /nova-agent.deb");
  const stopped = await runIn(root, "service nova-agent status");
  assert.equal(stopped.status, 3);
  assert.match(stopped.stdout, /nova-agent is not running/);
  await mkdir(join(root, "xenstore"));
  await appendFile(join(root, "etc/nova-agent.conf"), "xenstore = /xenstore/guest\napply_at_start = no\n");
  await withServedXenstore(join(root, "xenstore"), async (askVersion) => {
    // In rescue mode it is a chroot in which this is typed.
    const line = [
      "service nova-agent start",
      "service nova-agent status",
      "ps aux | grep -i nova-agent",
      "touch /xenstore/started && while [ ! -e /xenstore/answered ]; do sleep 0.05; done",
      "service nova-agent restart && service nova-agent status",
      "service nova-agent stop; service nova-agent status; echo status $?",
    ].join("; ");
    const session = runIn(root, line, "chroot");
    assert.match(await askVersion(), /^\d+\.\d+\.\d+$/);
    await writeFile(join(root, "xenstore/answered"), "");
    const { stdout, stderr } = await session;
    assert.match(stdout, /^nova-agent started\nnova-agent is running \(process \d+\)\n/);
    assert.match(stdout, /^root .* (?:\/usr\/bin\/)?nova-agent$/m);
    assert.match(stdout, /nova-agent stopped\nnova-agent started\nnova-agent is running/);
    assert.match(stdout, /nova-agent stopped\nnova-agent is not running\nstatus 3\n$/, stderr);
  });
  assert.match(await readFile(join(root, "var/log/nova-agent.log"), "utf8"), /"Ready"/);
});

systemTest(
  "installing starts the services of the running system, and not those of a chroot",
  options,
  async (context) => {
    const root = await sysvRoot(context);
    await runInChecked(root, "dpkg -i /nova-agent.deb");
    assert.ok(
      !existsSync(join(root, "run/nova-agent.pid")) && !existsSync(join(root, "var/run/nova-agent.pid")),
    );
    await runInChecked(root, "dpkg -r nova-agent");
    // Otherwise invoke-rc.d asks who has booted this.
    await writeFile(join(root, "sbin/runlevel"), "#!/bin/sh\necho N 2\n", { mode: 0o755 });
    const said = await runInChecked(root, "dpkg -i /nova-agent.deb && service nova-agent status", "machine");
    assert.match(said, /nova-agent is running/);
  },
);
