import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { runChecked, temporaryDirectory } from "@nova-agent/testbed";
import { PROGRAM_TIMEOUT_MS } from "./limits.ts";

const UNIT = "python3-nova-agent.service";

/** Files of a package as debhelper makes it of a service (dh_installsystemd(1), its scripts). */
const files: Readonly<Record<string, string>> = {
  "DEBIAN/control": `Package: python3-nova-agent
Version: 2.1.25
Architecture: all
Maintainer: Nobody <nobody@localhost>
Description: stands for the agent that is replaced
`,
  "DEBIAN/postinst": `#!/bin/sh
set -e
deb-systemd-helper unmask '${UNIT}' >/dev/null || true
if deb-systemd-helper --quiet was-enabled '${UNIT}'; then
    deb-systemd-helper enable '${UNIT}' >/dev/null || true
fi
`,
  "DEBIAN/postrm": `#!/bin/sh
set -e
if [ "$1" = remove ]; then deb-systemd-helper mask '${UNIT}' >/dev/null || true; fi
if [ "$1" = purge ]; then
    deb-systemd-helper purge '${UNIT}' >/dev/null || true
    deb-systemd-helper unmask '${UNIT}' >/dev/null || true
fi
`,
  "DEBIAN/conffiles": "/etc/python3-nova-agent.conf\n",
  // So that something of it is left to be purged.
  "etc/python3-nova-agent.conf": "",
  "usr/bin/nova-agent": "#!/bin/sh\necho 'nova-agent of another kind'\n",
  [`lib/systemd/system/${UNIT}`]:
    "[Service]\nType=notify\nExecStart=/usr/bin/nova-agent --no-fork True\n[Install]\nWantedBy=multi-user.target\n",
};

/** Builds a package that stands for the agent that ours replaces; returns its path. */
export async function buildPredecessor(context: TestContext): Promise<string> {
  const folder = await temporaryDirectory(context);
  const tree = join(folder, "tree");
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), text);
    await chmod(join(tree, path), text.startsWith("#!") ? 0o755 : 0o644);
  }
  const path = join(folder, "predecessor.deb");
  await runChecked({
    argv: ["dpkg-deb", "--root-owner-group", "--build", tree, path],
    timeoutMs: PROGRAM_TIMEOUT_MS,
  });
  return path;
}
