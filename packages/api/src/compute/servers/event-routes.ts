import type { Action, ActionEvent } from "@nova-agent/host";
import { ApiError } from "../../errors.ts";
import type { Microversion } from "../../microversion.ts";
import { route, type Route } from "../../route.ts";
import type { ComputeOptions } from "../compute-options.ts";
import { viewPreciseTime } from "../timestamps.ts";
import { findServer } from "./load-servers.ts";

const path = "/v2.1/servers/:id/os-instance-actions";

/** What was asked of a server (nova api-ref, "Servers actions (os-instance-actions)"). */
export function viewAction(action: Action, microversion: Microversion): object {
  return {
    action: action.action,
    instance_uuid: action.instanceId,
    request_id: action.requestId,
    user_id: action.userId,
    project_id: action.projectId,
    start_time: viewPreciseTime(action.startedAt),
    message: action.message,
    ...(microversion >= 58 ? { updated_at: viewPreciseTime(action.updatedAt) } : {}),
  };
}

/** A step of it. Nova shows steps to administrators alone; here whoever sees the server sees why it failed. */
export function viewEvent(event: ActionEvent, microversion: Microversion): object {
  return {
    event: event.event,
    start_time: viewPreciseTime(event.startedAt),
    finish_time: event.finishedAt === null ? null : viewPreciseTime(event.finishedAt),
    result: event.result,
    traceback: null,
    ...(microversion >= 62 ? { hostId: "" } : {}),
    ...(microversion >= 84 ? { details: event.details } : {}),
  };
}

/** The history of servers. */
export function eventRoutes(options: ComputeOptions): readonly Route[] {
  const { actions } = options.database;
  return [
    route({
      name: "listInstanceActions",
      method: "GET",
      path,
      summary: "List what was asked of a server, the newest first",
      role: "reader",
      handle: async ({ requester, params, microversion }) => {
        const { id } = await findServer(options, requester, params.id);
        const list = await actions.list(id);
        return { body: { instanceActions: list.map((action) => viewAction(action, microversion)) } };
      },
    }),
    route({
      name: "showInstanceAction",
      method: "GET",
      path: `${path}/:requestId`,
      summary: "Show what was asked in one request, step by step",
      role: "reader",
      handle: async ({ requester, params, microversion }) => {
        const { id } = await findServer(options, requester, params.id);
        const action = await actions.find(id, params.requestId);
        if (action === undefined) {
          throw new ApiError("NOT_FOUND", `Action for request ${params.requestId} could not be found.`);
        }
        const events = action.events.map((event) => viewEvent(event, microversion));
        return { body: { instanceAction: { ...viewAction(action, microversion), events } } };
      },
    }),
  ];
}
