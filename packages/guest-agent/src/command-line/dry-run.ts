import { XenstoreClient } from "@nova-agent/xenstore";
import { Agent } from "../service/agent.ts";
import { type Decision, LocalHandler } from "../workers/local-handler.ts";
import type { LocalWorkersOptions } from "../workers/local-workers.ts";
import { renderAnswer, renderPlan } from "./render-plan.ts";
import { readCurrent } from "../system/current-content.ts";
import { type RootedFiles, rootFiles } from "../system/rooted-files.ts";

/** What a dry run stands on. */
export interface DryRunOptions extends LocalWorkersOptions {
  readonly print: (text: string) => void;
}

/**
 * Prints what the waiting requests would change, and changes nothing: no file, no answer, no request.
 * Rejects with a XenstoreError when XenStore cannot be reached.
 */
export async function showWaitingRequests(options: DryRunOptions): Promise<void> {
  const { system, log, root, print } = options;
  const files = rootFiles(system.files, root);
  const client = await XenstoreClient.open({ connect: system.connectXenstore, clock: system.clock });
  const handler = new LocalHandler({ ...options, xenstore: client });
  let shown = 0;
  const take = (decision: Decision): void => {
    shown += 1;
    print(renderDecision(decision, files));
  };
  const dryRun = (requestId: string, bytes: Uint8Array) => handler.show({ requestId, bytes, take });
  let agent: Agent | undefined;
  await new Promise<void>((resolve) => {
    system.onTerminate(resolve);
    agent = Agent.start({ client, clock: system.clock, log, handler, dryRun, ready: resolve });
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
