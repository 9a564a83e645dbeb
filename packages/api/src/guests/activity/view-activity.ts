import { type Action, type ActionEvent, isFinished, type Operation } from "@nova-agent/host";
import { viewOperation } from "../../operations/view-operation.ts";

/** Something that was done with a server, and what its guest was asked for it. */
export interface Activity {
  readonly requestId: string;
  readonly action: string;
  readonly userId: string;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly result: ActionEvent["result"];
  readonly message: string | null;
  readonly events: readonly ActionEvent[];
  /** The oldest first. */
  readonly operations: readonly Operation[];
}

/**
 * Actions with the operations that each asked for, the newest first. A guest may be asked without an action:
 * then its operations are an activity under the name of the first one's kind.
 */
export function joinActivity(
  actions: readonly Action[],
  operations: readonly Operation[],
): readonly Activity[] {
  const byRequest = new Map<string, Operation[]>();
  for (const operation of operations.toReversed()) {
    const others = byRequest.get(operation.requestId);
    if (others === undefined) byRequest.set(operation.requestId, [operation]);
    else others.push(operation);
  }
  const ofActions = actions.map((action) => ofAction(action, byRequest.get(action.requestId) ?? []));
  for (const { requestId } of actions) byRequest.delete(requestId);
  const alone = [...byRequest.values()].flatMap(ofOperations);
  return [...ofActions, ...alone].toSorted(
    (left, right) => right.startedAt.getTime() - left.startedAt.getTime(),
  );
}

function ofAction(action: Action, operations: readonly Operation[]): Activity {
  const { requestId, userId, startedAt, endedAt, message, events } = action;
  const result = endedAt === null ? null : message === null ? "Success" : "Error";
  const own = { requestId, userId, startedAt, message, events, operations };
  return { ...own, action: action.action, finishedAt: endedAt, result };
}

function ofOperations(operations: readonly Operation[]): readonly Activity[] {
  const [first] = operations;
  if (first === undefined) return [];
  const failed = operations.find(({ error, state }) => error !== null || state === "timedOut");
  const hasEnded = operations.every(isFinished);
  const ends = operations.map(({ updatedAt }) => updatedAt.getTime());
  return [
    {
      requestId: first.requestId,
      action: first.kind,
      userId: first.userId,
      startedAt: first.createdAt,
      finishedAt: hasEnded ? new Date(Math.max(...ends)) : null,
      result: hasEnded ? (failed === undefined ? "Success" : "Error") : null,
      message: failed?.error?.message ?? null,
      events: [],
      operations,
    },
  ];
}

/** An activity, with the name of who asked for it. */
export function viewActivity(activity: Activity, userName: string): object {
  return {
    request_id: activity.requestId,
    action: activity.action,
    user: { id: activity.userId, name: userName },
    started_at: activity.startedAt.toISOString(),
    finished_at: activity.finishedAt?.toISOString() ?? null,
    result: activity.result,
    message: activity.message ?? "",
    events: activity.events.map(viewEvent),
    operations: activity.operations.map(viewOperation),
  };
}

function viewEvent({ event, startedAt, finishedAt, result, details }: ActionEvent): object {
  return {
    event,
    started_at: startedAt.toISOString(),
    finished_at: finishedAt?.toISOString() ?? null,
    result,
    details: details ?? "",
  };
}
