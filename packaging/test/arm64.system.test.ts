import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { arm64Toolchain, buildStatic } from "@nova-agent/quickjs/build";
import {
  privateRoot,
  repositoryRoot,
  runChecked,
  startProcess,
  systemTest,
  temporaryDirectory,
} from "@nova-agent/testbed";
import { readVersion } from "../src/read-version.ts";
import { PROGRAM_TIMEOUT_MS, TEST_TIMEOUT_MS } from "./support/limits.ts";
import { withServedXenstore } from "./support/served-xenstore.ts";

const options = { needs: ["apt", "aarch64-gcc", "musl-gcc"], timeoutMs: TEST_TIMEOUT_MS } as const;

/** The command of the arm64 agent: QEMU runs it instruction by instruction, and the machine's kernel serves it. */
async function arm64Agent(): Promise<readonly [string, string]> {
  const { path } = await buildStatic(
    "nova-agent",
    await arm64Toolchain(join(repositoryRoot(), ".cache/toolchains")),
  );
  return [join(await privateRoot(["qemu-user-static"]), "usr/bin/qemu-aarch64-static"), path];
}

systemTest("the arm64 agent runs", options, async () => {
  const argv = [...(await arm64Agent()), "--version"] as const;
  assert.equal(await runChecked({ argv, timeoutMs: PROGRAM_TIMEOUT_MS }), `nova-agent ${readVersion()}\n`);
});

const wanted = {
  hostname: "web-1",
  networking: {
    BC764E206C5B: {
      label: "public",
      mac: "BC:76:4E:20:6C:5B",
      gateway: "198.51.100.1",
      ips: [{ ip: "198.51.100.10", netmask: "255.255.255.0", enabled: "1" }],
    },
  },
};

/** A system with a host name and ifupdown, as far as files tell. */
async function smallRoot(context: TestContext): Promise<string> {
  const root = await temporaryDirectory(context);
  await mkdir(join(root, "etc/network"), { recursive: true });
  await writeFile(join(root, "etc/hostname"), "old\n");
  await writeFile(join(root, "etc/network/interfaces"), "auto lo\niface lo inet loopback\n");
  return root;
}

systemTest("the arm64 agent plans a network from a file", options, async (context) => {
  const root = await smallRoot(context);
  const file = join(root, "wanted.json");
  await writeFile(file, JSON.stringify(wanted));
  const plan = ["network", "plan", "--root", root, "--from", file];
  const said = await runChecked({ argv: [...(await arm64Agent()), ...plan], timeoutMs: PROGRAM_TIMEOUT_MS });
  assert.match(said, /\/etc\/hostname/);
  assert.match(said, /web-1/);
});

/** How the kernel knows an executable of arm64 (binfmt-misc, QEMU's qemu-binfmt-conf.sh). */
const MAGIC = String.raw`\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00`;
const MASK = String.raw`\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff`;

/** Registers QEMU in a user namespace of its own, and runs what is behind the first two arguments there. */
const REGISTER = `mount -t binfmt_misc none "$1" && printf %s "$2" >"$1/register" && shift 2 && exec "$@"`;

const withNamespaces = { ...options, needs: [...options.needs, "binfmt-namespaces"] } as const;

// The agent executes itself, to become the service and for its workers.
systemTest("the arm64 agent serves a request", withNamespaces, async (context) => {
  const root = await smallRoot(context);
  const xenstore = await temporaryDirectory(context);
  const config = join(root, "agent.conf");
  await writeFile(config, `xenstore = ${join(xenstore, "guest")}\napply_at_start = no\n`);
  const [qemu, program] = await arm64Agent();
  const rule = `:aarch64:M::${MAGIC}:${MASK}:${qemu}:F`;
  const agentArgv = [program, "--root", root, "--config", config];
  const argv = ["unshare", "-Urm", "--fork", "--kill-child", "sh", "-c", REGISTER, "sh"] as const;
  await withServedXenstore(xenstore, async (askVersion) => {
    const agent = startProcess({ argv: [...argv, "/proc/sys/fs/binfmt_misc", rule, ...agentArgv] });
    try {
      const ended = agent.exited.then(({ stderr }) => stderr);
      assert.equal(await Promise.race([askVersion(), ended]), readVersion());
    } finally {
      await agent.stop();
    }
  });
});
