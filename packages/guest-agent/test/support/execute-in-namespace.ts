import { fileURLToPath } from "node:url";
import { runChecked } from "@nova-agent/testbed";
import type { JsonStep, StepsOutcome } from "./execute-steps.ts";

const SCRIPT = fileURLToPath(new URL("execute-steps.js", import.meta.url));
const TIMEOUT_MS = 60_000;

/** Steps, and where they are carried out. */
export interface Run {
  readonly tree: string;
  readonly root: string;
  readonly steps: readonly JsonStep[];
  /** Shell lines in a mount namespace of its own, before and after the steps; `$0` is the tree. */
  readonly before?: string;
  readonly after?: string;
}

/** What became of them. */
export interface Ran extends StepsOutcome {
  /** What the lines after the steps wrote. */
  readonly seen: readonly string[];
}

/** Carries steps out in a process of its own, in a mount namespace of its own. */
export async function executeSteps({
  tree,
  root,
  steps,
  before = "true",
  after = "true",
}: Run): Promise<Ran> {
  const stdout = await runChecked({
    argv: ["unshare", "-m", "sh", "-ec", `${before}; "$@"; ${after}`, tree, process.execPath, SCRIPT, root],
    stdin: JSON.stringify(steps),
    timeoutMs: TIMEOUT_MS,
  });
  const [outcome = "", ...seen] = stdout.trimEnd().split("\n");
  return { ...(JSON.parse(outcome) as StepsOutcome), seen };
}
