import { guestPath } from "../http/server-paths.ts";
import { type Activity, activityAnswer } from "../model/activity.ts";
import { usePanel } from "./panel.ts";
import { type Resource, useResource } from "./use-resource.ts";

/** What is being done and was done with a server, the newest first. */
export function useActivity(serverId: string): Resource<readonly Activity[]> {
  const { client } = usePanel();
  const path = `${guestPath(serverId)}/activity`;
  return useResource({
    key: serverId,
    load: async (signal) => (await client.get(path, activityAnswer, signal)).activity,
    concerns: ({ server_id }) => server_id === serverId,
  });
}
