import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildPackages, readVersion } from "@nova-agent/packaging";
import { buildStatic, muslToolchain } from "@nova-agent/quickjs/build";
import { runChecked } from "@nova-agent/testbed";
import { BUILD_STEP_TIMEOUT_MS } from "../limits.ts";
import type { AgentKind } from "../runs.ts";
import { addWorkspacePackages, INSTALL_DIRECTORY } from "./javascript.ts";

/** Puts the agent's program there, and its JavaScript in any case, for what the tests run beside it. */
export async function installAgent(root: string, kind: AgentKind): Promise<void> {
  await addWorkspacePackages(root, ["packages/xenstore", "packages/guest-agent"]);
  if (kind === "static") {
    await unpackPackage(root);
  } else {
    const script = `/${INSTALL_DIRECTORY}/node_modules/@nova-agent/guest-agent/bin/nova-agent.mjs`;
    const program = join(root, "usr/bin/nova-agent");
    await writeFile(program, `#!/bin/sh\nexec node ${script} "$@"\n`, { mode: 0o755 });
  }
}

/** The agent's package for Debian, unpacked; its scripts are left to who configures the guest. */
async function unpackPackage(root: string): Promise<void> {
  const output = join(root, "tmp");
  await mkdir(output, { recursive: true });
  const { path: program } = await buildStatic("nova-agent", muslToolchain);
  const { architecture } = muslToolchain;
  const options = {
    name: "nova-agent",
    version: readVersion(),
    architecture,
    program,
    time: 0,
    output,
  } as const;
  for (const file of await buildPackages(["deb"], options)) {
    // dpkg-deb(1) by itself would put a directory in place of the link /lib.
    const script = 'dpkg-deb --fsys-tarfile "$0" | tar --extract --keep-directory-symlink -C "$1" && rm "$0"';
    await runChecked({ argv: ["sh", "-c", script, file, root], timeoutMs: BUILD_STEP_TIMEOUT_MS });
  }
}
