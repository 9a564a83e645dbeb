import assert from "node:assert/strict";
import { appendFile, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { runChecked, systemTest } from "@nova-agent/testbed";
import { builtPackage } from "./support/built-packages.ts";
import { debianRoot, runIn, runInChecked } from "./support/debian-root.ts";
import { PROGRAM_TIMEOUT_MS, TEST_TIMEOUT_MS } from "./support/limits.ts";
import { withServedXenstore } from "./support/served-xenstore.ts";

const options = { needs: ["root", "apt", "musl-gcc"], timeoutMs: TEST_TIMEOUT_MS } as const;

/** What openrc(8) leaves when it has booted a system. */
const BOOTED =
  "cd /run && mkdir -p openrc && cd openrc && touch softlevel && " +
  "mkdir -p starting started stopping inactive wasinactive failed hotplugged daemons options exclusive " +
  "scheduled tmp && cd /";

/** A root in which OpenRC starts everything, with a network service, and the archive unpacked in `/unpacked`. */
async function openrcRoot(context: TestContext): Promise<string> {
  const root = await debianRoot(context, { packages: ["openrc"] });
  // Debian has its network from a script of System V.
  const network = "#!/sbin/openrc-run\ndepend() {\n  provide net\n}\nstart() {\n  :\n}\n";
  await runInChecked(root, `printf '%s' '${network}' >/etc/init.d/network && chmod 755 /etc/init.d/network`);
  await unpack(await builtPackage(context, "tar"), root);
  return root;
}

async function unpack(archive: string, root: string): Promise<void> {
  await mkdir(join(root, "unpacked"));
  const argv = ["tar", "-xzf", archive, "-C", join(root, "unpacked"), "--strip-components=1"] as const;
  await runChecked({ argv, timeoutMs: PROGRAM_TIMEOUT_MS });
}

systemTest("the installer adds both services to OpenRC's default runlevel", options, async (context) => {
  const root = await openrcRoot(context);
  await runInChecked(root, "/unpacked/install.sh");
  const shown = await runInChecked(root, "rc-update show default");
  assert.match(shown, /^\s*nova-agent \|/m);
  assert.match(shown, /^\s*xe-linux-distribution \|/m);
  await runInChecked(root, "/usr/lib/nova-agent/uninstall.sh");
  assert.doesNotMatch(await runInChecked(root, "rc-update show default"), /nova-agent|xe-linux/);
});

systemTest("OpenRC starts xe-daemon, then the agent, then the network", options, async (context) => {
  const root = await openrcRoot(context);
  await runInChecked(root, "/unpacked/install.sh && rc-update add network default");
  const behind = (kind: string, name: string) =>
    runInChecked(
      root,
      `${BOOTED}; /lib/rc/bin/rc-depend --update; /lib/rc/bin/rc-depend -t ${kind} ${name} 2>&1`,
      "machine",
    );
  // rc-depend(8) names what has to be there, the service itself last.
  assert.match(await behind("iafter", "nova-agent"), /xe-linux-distribution/);
  assert.match(await behind("iafter", "network"), /nova-agent/);
});

systemTest("OpenRC starts the agent again that was killed, and stops it", options, async (context) => {
  const root = await openrcRoot(context);
  await runInChecked(root, "/unpacked/install.sh");
  await rm(join(root, "etc/nova-agent.conf"));
  await mkdir(join(root, "xenstore"));
  await appendFile(join(root, "etc/nova-agent.conf"), "xenstore = /xenstore/guest\napply_at_start = no\n");
  await withServedXenstore(join(root, "xenstore"), async (askVersion) => {
    const line = [
      BOOTED,
      "rc-service --nodeps nova-agent start",
      "rc-service nova-agent status",
      "kill -KILL $(pgrep -x -f /usr/bin/nova-agent || pgrep -x -f nova-agent)",
      "while [ ! -e /xenstore/answered ]; do sleep 0.05; done",
      "rc-service nova-agent status && rc-service nova-agent stop",
      "rc-service nova-agent status; pgrep -f '^nova-agent' || echo gone",
    ].join("; ");
    const session = runIn(root, line, "machine");
    assert.match(await askVersion(), /^\d+\.\d+\.\d+$/);
    await runChecked({ argv: ["touch", join(root, "xenstore/answered")], timeoutMs: PROGRAM_TIMEOUT_MS });
    const { stdout, stderr } = await session;
    assert.match(stdout, /status: started[^]*status: started[^]*status: stopped/, stdout + stderr);
    assert.match(stdout, /gone\n$/);
  });
});
