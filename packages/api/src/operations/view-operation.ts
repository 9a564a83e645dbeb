import { isFinished, type Operation } from "@nova-agent/host";

/** An operation with its timeline, in this service's own JSON; times are ISO 8601 with milliseconds. */
export function viewOperation(operation: Operation): object {
  return {
    id: operation.id,
    instance_id: operation.instanceId,
    kind: operation.kind,
    state: operation.state,
    is_finished: isFinished(operation),
    attempts: operation.attempts,
    request_id: operation.requestId,
    user_id: operation.userId,
    project_id: operation.projectId,
    created_at: operation.createdAt.toISOString(),
    updated_at: operation.updatedAt.toISOString(),
    deadline_at: operation.deadlineAt.toISOString(),
    returncode: operation.returncode,
    message: operation.message,
    error: operation.error,
    timeline: operation.timeline.map(({ at, state, text }) => ({ at: at.toISOString(), state, text })),
  };
}
