import { AgentError } from "../errors.ts";
import { rootFiles } from "./rooted-files.ts";
import type { System } from "./system.ts";

/** Throws AGENT_BAD_SETTING when no system's files are below a root: its disk is not mounted there. */
export function checkIsSystem({ system, root }: { readonly system: System; readonly root: string }): void {
  const files = rootFiles(system.files, root);
  if (files.status("/etc/passwd") !== undefined) return;
  throw new AgentError(
    "AGENT_BAD_SETTING",
    `No system is below "${root}", which has no etc/passwd; mount the guest's disk there`,
  );
}
