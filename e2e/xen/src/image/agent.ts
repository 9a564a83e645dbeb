import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildStatic, muslToolchain } from "@nova-agent/quickjs/build";
import type { AgentKind } from "../runs.ts";
import { addWorkspacePackages, INSTALL_DIRECTORY } from "./javascript.ts";

const PROGRAM = "usr/bin/nova-agent";

/** Installs the agent as `nova-agent`; its JavaScript is there in any case, for what the tests run beside it. */
export async function installAgent(root: string, kind: AgentKind): Promise<void> {
  await addWorkspacePackages(root, ["packages/xenstore", "packages/guest-agent"]);
  if (kind === "static") {
    const { path } = await buildStatic("nova-agent", muslToolchain);
    await copyFile(path, join(root, PROGRAM));
  } else {
    const script = `/${INSTALL_DIRECTORY}/node_modules/@nova-agent/guest-agent/bin/nova-agent.mjs`;
    await writeFile(join(root, PROGRAM), `#!/bin/sh\nexec node ${script} "$@"\n`, { mode: 0o755 });
  }
}
