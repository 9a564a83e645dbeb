import { runChecked } from "@nova-agent/testbed";
import { PROGRAM_TIMEOUT_MS } from "./limits.ts";

/** rpm(8) of the machine on a root, whose shell runs the package's scripts. */
export function rpm(root: string, ...args: readonly string[]): Promise<string> {
  const namespaces = [
    "--mount",
    "--uts",
    "--ipc",
    "--net",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount-proc",
  ];
  return runChecked({
    argv: ["unshare", ...namespaces, "rpm", "--root", root, "--nodeps", ...args],
    timeoutMs: PROGRAM_TIMEOUT_MS,
  });
}
