import { decodeUtf8, XenstoreClient, XenstoreError } from "@nova-agent/xenstore";
import type { NetworkAction } from "./command-line.ts";
import { planReset, resetnetwork } from "../commands/resetnetwork.ts";
import { AgentError, SystemError } from "../errors.ts";
import { NETWORK_FILE_MAX_BYTES } from "../limits.ts";
import { renderLineDiff } from "./line-diff.ts";
import type { Logger } from "../log.ts";
import { describeDifferences } from "../network/kernel-network.ts";
import { parseNetworkFile } from "../network/network-file.ts";
import { joinWanted, type WantedGuest } from "../network/wanted-guest.ts";
import { renderNetworkView, viewNetwork } from "./network-view.ts";
import { flatSteps, type Plan, type SimpleStep } from "../plan.ts";
import { printable, printableLines } from "../printable.ts";
import { refusalReply } from "../protocol/reply.ts";
import { renderAnswer, renderPlan } from "./render-plan.ts";
import { readCurrent } from "../system/current-content.ts";
import { execute } from "../system/executor.ts";
import { readResetFacts, readWantedGuest, type ResetFacts } from "../system/reset-facts.ts";
import { type RootedFiles, rootFiles } from "../system/rooted-files.ts";
import type { System } from "../system/system.ts";

/** What `nova-agent network` was asked for. */
export interface NetworkCommandOptions {
  readonly action: NetworkAction;
  readonly system: System;
  readonly log: Logger;
  /** The directory under which the guest's files are, `/` on a guest. */
  readonly root: string;
  /** Absolute path of the file that says what is wanted, outside the root; undefined for `vm-data`. */
  readonly from: string | undefined;
  /** Whether `show` prints JSON. */
  readonly isJson: boolean;
  readonly print: (text: string) => void;
}

/**
 * Shows, or brings about, the host name and the network that the host wants. Returns whether that was
 * done, and all of it understood: an answer that tells of a failure is printed, too. Throws an AgentError
 * or SystemError for what is wanted or cannot be read, and a XenstoreError when XenStore cannot be reached.
 */
export async function runNetworkCommand(options: NetworkCommandOptions): Promise<boolean> {
  const { system, root, print } = options;
  const facts = await readResetFacts(await readWanted(options), { system, root });
  if (options.action === "apply") return apply(facts, options);
  const files = rootFiles(system.files, root);
  const { faults = [] } = facts;
  if (!options.isJson) for (const { message } of faults) print(`Not understood: ${printable(message)}\n`);
  switch (options.action) {
    case "show":
      print(printableLines(show(facts, options)));
      break;
    case "plan":
      print(renderPlan(planReset(facts), { current: (path) => readCurrent(path, files) }));
      break;
    case "diff":
      print(printableLines(renderDifferences(facts, files)));
      break;
  }
  return faults.length === 0;
}

function readWanted({ from, system }: NetworkCommandOptions): WantedGuest | Promise<WantedGuest> {
  if (from === undefined) return readWantedFromXenstore(system);
  const text = decodeUtf8(system.files.read(from, NETWORK_FILE_MAX_BYTES));
  if (text === undefined) throw new AgentError("AGENT_BAD_PAYLOAD", `${from} is not UTF-8 text; convert it`);
  return parseNetworkFile(text, from);
}

async function readWantedFromXenstore({ connectXenstore: connect, clock }: System): Promise<WantedGuest> {
  const client = await XenstoreClient.open({ connect, clock, reconnect: false });
  try {
    return await readWantedGuest(client);
  } finally {
    await client.close();
  }
}

function show(facts: ResetFacts, { isJson }: NetworkCommandOptions): string {
  const view = viewNetwork(facts);
  return isJson ? `${JSON.stringify(view, undefined, 2)}\n` : renderNetworkView(view);
}

function renderDifferences(facts: ResetFacts, files: RootedFiles): string {
  const inFiles = flatSteps(planReset(facts).steps).map((step) => fileDifference(step, files));
  const inKernel = kernelDifferences(facts).map((line) => `Kernel: ${line}\n`);
  const text = [...inFiles, ...inKernel].join("");
  const isAllUnderstood = (facts.faults ?? []).length === 0;
  return text === "" && isAllUnderstood ? "No difference\n" : text;
}

function fileDifference(step: SimpleStep, files: RootedFiles): string {
  if (step.step !== "writeFile" && step.step !== "removeFile") return "";
  const old = readCurrent(step.path, files);
  if (step.step === "removeFile" && old === undefined) return "";
  const oldText = decodeUtf8(old ?? new Uint8Array());
  const newText = step.step === "writeFile" ? decodeUtf8(step.content) : "";
  if (oldText === undefined || newText === undefined) return `${step.path} is not text\n`;
  return renderLineDiff({
    oldName: old === undefined ? "/dev/null" : step.path,
    newName: step.step === "removeFile" ? "/dev/null" : step.path,
    oldText,
    newText,
  });
}

function kernelDifferences(facts: ResetFacts): readonly string[] {
  const { hostname, network } = facts;
  const { kernel } = network;
  if (kernel === undefined) return [];
  const name =
    hostname === undefined || hostname === network.hostname
      ? []
      : [`the host name is ${JSON.stringify(network.hostname)} in place of ${JSON.stringify(hostname)}`];
  const { interfaces } = joinWanted(facts, network.vifs);
  return [...name, ...interfaces.flatMap((wanted) => describeDifferences(wanted, kernel))];
}

/** Carries the plan out; prints what a host would be answered. */
async function apply(facts: ResetFacts, options: NetworkCommandOptions): Promise<boolean> {
  const { system, root, log, print } = options;
  let plan: Plan;
  try {
    plan = planReset(facts);
    if (plan.steps.length === 0) print("Nothing to do\n");
    await execute(plan, { system, root, log });
  } catch (error) {
    if (!isReason(error)) throw error;
    print(renderAnswer(refusalReply(error, resetnetwork.failureCode)));
    return false;
  }
  print(renderAnswer(plan.reply));
  return plan.reply.returncode === "0";
}

function isReason(error: unknown): boolean {
  return error instanceof AgentError || error instanceof SystemError || error instanceof XenstoreError;
}
