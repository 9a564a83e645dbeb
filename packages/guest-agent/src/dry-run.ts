import { XenstoreClient } from "@nova-agent/xenstore";
import { Agent } from "./agent.ts";
import { renderAnswer, renderPlan } from "./render-plan.ts";
import type { Decision } from "./request-handler.ts";
import type { ServiceOptions } from "./service.ts";
import { readCurrent } from "./system/current-content.ts";
import { type RootedFiles, rootFiles } from "./system/rooted-files.ts";

/** A dry run is the service with somewhere to print. */
export interface DryRunOptions extends ServiceOptions {
  readonly print: (text: string) => void;
}

/**
 * Prints what the waiting requests would change, and changes nothing: no file, no answer, no request.
 * Rejects with a XenstoreError when XenStore cannot be reached.
 */
export async function showWaitingRequests(options: DryRunOptions): Promise<void> {
  const { system, log, commands, root, config, print } = options;
  const files = rootFiles(system.files, root);
  const client = await XenstoreClient.open({ connect: system.connectXenstore, clock: system.clock });
  let shown = 0;
  const dryRun = (decision: Decision): void => {
    shown += 1;
    print(renderDecision(decision, files));
  };
  let agent: Agent | undefined;
  await new Promise<void>((resolve) => {
    system.onTerminate(resolve);
    agent = Agent.start({ client, system, log, commands, root, config, dryRun, ready: resolve });
  });
  await agent?.close();
  await client.close();
  if (shown === 0) print("No request is waiting\n");
}

function renderDecision(decision: Decision, files: RootedFiles): string {
  const head = `request ${decision.requestId} ${decision.command ?? "unknown"}\n`;
  if ("refusal" in decision) return head + renderAnswer(decision.refusal);
  return head + renderPlan(decision.plan, { current: (path) => readCurrent(path, files) });
}
