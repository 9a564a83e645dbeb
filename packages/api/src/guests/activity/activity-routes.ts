import { findServer } from "../../compute/servers/load-servers.ts";
import { route, type Route } from "../../route.ts";
import type { GuestsOptions } from "../guests-options.ts";
import { ACTIVITY_MAX, ACTIVITY_OPERATIONS_MAX } from "../limits.ts";
import { type Activity, joinActivity, viewActivity } from "./view-activity.ts";

/** What was done with a server, by whom, step by step and request by request. */
export function activityRoutes(options: GuestsOptions): readonly Route[] {
  return [
    route({
      name: "listActivity",
      method: "GET",
      path: "/servers/:id/activity",
      summary:
        "List what was done with a server, with its steps and what its guest was asked, the newest first",
      role: "reader",
      handle: async ({ requester, params }) => {
        const { id } = await findServer(options, requester, params.id);
        const [actions, operations] = await Promise.all([
          options.database.actions.list(id),
          options.database.operations.list({ instanceId: id, limit: ACTIVITY_OPERATIONS_MAX }),
        ]);
        const activity = joinActivity(actions.slice(0, ACTIVITY_MAX), operations).slice(0, ACTIVITY_MAX);
        const names = await findNames(options, activity);
        const viewed = activity.map((each) => viewActivity(each, names.get(each.userId) ?? each.userId));
        return { body: { activity: viewed } };
      },
    }),
  ];
}

/** The names of the users, by their ids; of one that is gone, none. */
async function findNames(
  { database }: GuestsOptions,
  activity: readonly Activity[],
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(activity.map(({ userId }) => userId))];
  const users = await Promise.all(ids.map((id) => database.identity.findUser(id)));
  return new Map(users.filter((user) => user !== undefined).map(({ id, name }) => [id, name]));
}
