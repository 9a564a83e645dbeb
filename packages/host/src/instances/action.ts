import type { CancelSignal } from "../cancel-signal.ts";
import { HostError } from "../errors.ts";
import type { Requester } from "../ports/requester.ts";
import type { Instance, InstanceFault, TaskState } from "./instance.ts";
import type { InstanceContext } from "./instance-context.ts";
import { nameInstance } from "./name-instance.ts";
import { type ActionRule, assertMayBegin } from "./states.ts";

/** Something that is being done to an instance, written down as it goes. */
export interface RunningAction {
  readonly context: InstanceContext;
  readonly requester: Requester;
  /** As it was before. */
  readonly instance: Instance;
  readonly action: string;
  /** While it goes on; another one means that somebody has taken the instance over. */
  readonly taskState: TaskState;
}

/** How an instance is left behind. */
export type InstanceChanges = Partial<Omit<Instance, "id">>;

/** The instance, if the requester may know of it. Throws NO_SUCH_INSTANCE. */
export async function findInstance(
  { database }: InstanceContext,
  requester: Requester,
  id: string,
): Promise<Instance> {
  const instance = await database.instances.find(id);
  const isTheirs = instance?.projectId === requester.projectId || requester.roles.includes("admin");
  if (instance === undefined || instance.vmState === "deleted" || !isTheirs) {
    throw new HostError("NO_SUCH_INSTANCE", `Instance ${id} could not be found.`);
  }
  return instance;
}

/** Takes the instance for one action, or throws NO_SUCH_INSTANCE or WRONG_STATE, which are audited. */
export async function beginAction(
  context: InstanceContext,
  requester: Requester,
  { id, rule }: { readonly id: string; readonly rule: ActionRule },
): Promise<RunningAction> {
  const { actions } = context.database;
  try {
    assertMayBegin(await findInstance(context, requester, id), rule);
    const instance = await take(context, requester, { id, rule });
    await actions.begin(requester, { instanceId: id, action: rule.action });
    return { context, requester, instance, action: rule.action, taskState: rule.taskState };
  } catch (error) {
    await audit(context, requester, { what: rule.action, target: id, outcome: outcomeOf(error) });
    throw error;
  }
}

/** The instance as it is when nobody else works at it any more. */
async function take(
  context: InstanceContext,
  requester: Requester,
  { id, rule }: { readonly id: string; readonly rule: ActionRule },
): Promise<Instance> {
  const { instances } = context.database;
  const { taskState, method } = rule;
  if (!(await instances.update(id, { taskState }, { taskState: null }))) {
    assertMayBegin(await findInstance(context, requester, id), rule);
    const text = `Cannot '${method}' instance ${id} while something else is done with it. Ask again`;
    throw new HostError("WRONG_STATE", text);
  }
  const instance = { ...(await findInstance(context, requester, id)), taskState: null };
  try {
    // Something else may have begun and ended since it was looked at.
    assertMayBegin(instance, rule);
  } catch (error) {
    await instances.update(id, { taskState: null }, { taskState });
    throw error;
  }
  return instance;
}

/**
 * Does what the action is about, and writes down how it ended: the instance's task is over and it has
 * the changes that `body` returns, or those of `onFailure` with the fault. Rethrows.
 */
export async function finishAction<Result>(
  running: RunningAction,
  body: () => Promise<{ readonly changes: InstanceChanges; readonly result: Result }>,
  onFailure: () => InstanceChanges = () => ({}),
): Promise<Result> {
  try {
    const { changes, result } = await body();
    await settle(running, { changes: { fault: null, ...changes }, message: null });
    return result;
  } catch (cause) {
    const error = nameInstance(cause, running.instance);
    await settle(running, {
      changes: { fault: faultOf(running.context, error), ...onFailure() },
      message: messageOf(error),
      error,
    });
    throw error;
  }
}

/** The same behind the caller's back: a failure stays in the instance's fault, the action and the log. */
export function finishInBackground(
  running: RunningAction,
  body: (signal: CancelSignal) => Promise<InstanceChanges>,
  onFailure?: () => InstanceChanges,
): void {
  const { context, instance } = running;
  context.background.start(instance.id, async (signal) => {
    try {
      const whole = async () => ({ changes: await body(signal), result: undefined });
      await finishAction(running, whole, onFailure);
    } catch (error) {
      logFailure(running, error);
    }
  });
}

/** One step of an action, an event in its list, with what `detailsOf` says of its result. Rethrows. */
export async function step<Result>(
  { context, requester }: Pick<RunningAction, "context" | "requester">,
  event: string,
  body: () => Promise<Result>,
  detailsOf?: (result: Result) => string,
): Promise<Result> {
  const { actions } = context.database;
  await actions.beginEvent(requester.requestId, event);
  try {
    const result = await body();
    const details = detailsOf?.(result) ?? "";
    const end = { event, isSuccess: true };
    await actions.endEvent(requester.requestId, details === "" ? end : { ...end, details });
    return result;
  } catch (error) {
    await actions.endEvent(requester.requestId, { event, isSuccess: false, details: messageOf(error) });
    throw error;
  }
}

/** Writes the end of an action down, in every place that tells of it. */
export async function settle(
  { context, requester, instance, action, taskState }: RunningAction,
  end: { readonly changes: InstanceChanges; readonly message: string | null; readonly error?: unknown },
): Promise<void> {
  const { instances, actions } = context.database;
  const changes = { taskState: null, ...end.changes, updatedAt: context.now() };
  await instances.update(instance.id, changes, { taskState });
  await actions.end(requester.requestId, end.message);
  const outcome = end.message === null ? "done" : outcomeOf(end.error);
  await audit(context, requester, { what: action, target: instance.id, outcome });
}

/** Adds a row to the audit. */
export async function audit(
  { database, now }: InstanceContext,
  { userId, projectId, requestId }: Requester,
  row: { readonly what: string; readonly target: string; readonly outcome: string },
): Promise<void> {
  await database.audit.record({ at: now(), userId, projectId, requestId, ...row });
}

/** What a user is told of an error. */
export function faultOf({ now }: InstanceContext, error: unknown): InstanceFault {
  return { code: error instanceof HostError ? 409 : 500, message: messageOf(error), at: now() };
}

/** The words of an error; a fault of the program itself shows nothing of its inside. */
export function messageOf(error: unknown): string {
  return error instanceof HostError ? error.message : "Unexpected failure; the log of the service has more";
}

/** Logs what failed behind a request that is answered. */
export function logFailure({ context, requester, instance, action }: RunningAction, error: unknown): void {
  const fields = { instanceId: instance.id, action, requestId: requester.requestId };
  if (error instanceof HostError) {
    context.log.warn("An action failed", { ...fields, code: error.code, error: error.message });
  } else {
    context.log.error("An action failed by a fault of the service", { ...fields, error: String(error) });
  }
}

function outcomeOf(error: unknown): string {
  return error instanceof HostError ? `failed: ${error.code}` : "failed";
}
