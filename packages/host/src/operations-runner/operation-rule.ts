import type { OperationKind } from "../ledger/operation.ts";
import { VERSION_TIMEOUT_MS } from "../limits.ts";
import { commandRule } from "../model/command-rule.ts";
import type { OperationTask } from "./operation-request.ts";

/** The command of the request that matters, whose id is the operation's. */
export function commandOf(task: OperationTask): string {
  return task.kind === "send" ? task.request.name : commandOfKind(task.kind);
}

/** The same, where nobody knows more than the kind; of a `send`, none. */
export function commandOfKind(kind: OperationKind): string {
  switch (kind) {
    case "resetNetwork":
      return "resetnetwork";
    case "injectFile":
      // An older agent is given `injectfile`, for which the same holds.
      return "file_inject";
    default:
      return kind;
  }
}

/** Whether a request only prepares the one that matters; then it has an id of its own. */
export function isPreparation(kind: OperationKind, command: string): boolean {
  return (kind === "password" && command === "keyinit") || (kind === "injectFile" && command === "features");
}

/**
 * Whether the guest may be asked again when nobody knows whether it has done it. A password may, as a
 * pair with a new `keyinit`: the same one twice does no harm.
 */
export function mayAskAgain(task: OperationTask): boolean {
  return task.kind === "password" || commandRule(commandOf(task)).mayRepeat;
}

const readingCommands: ReadonlySet<string> = new Set(["version", "features", "doctor", "keyinit"]);

/** Whether a guest that has done it is another one than before. */
export function changesGuest(command: string): boolean {
  return !readingCommands.has(command);
}

/** How long an operation may take from when its turn comes, in milliseconds. */
export function operationTimeoutMs(task: OperationTask, timeoutMs: number | undefined): number {
  const { kind } = task;
  const limitMs = kind === "version" ? VERSION_TIMEOUT_MS : commandRule(commandOf(task)).timeoutMs;
  const hasPreparation = kind === "password" || kind === "injectFile";
  return (timeoutMs ?? limitMs) * (hasPreparation ? 2 : 1);
}
