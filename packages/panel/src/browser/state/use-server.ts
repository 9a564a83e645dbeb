import { guestPath } from "../http/server-paths.ts";
import { serverAnswer, type Server } from "../model/server.ts";
import { usePanel } from "./panel.ts";
import { type Resource, useResource } from "./use-resource.ts";

/** One server with all of it, as it is now. */
export function useServer(id: string): Resource<Server> {
  const { client } = usePanel();
  return useResource({
    key: id,
    load: async (signal) => (await client.get(guestPath(id), serverAnswer, signal)).server,
    concerns: ({ server_id }) => server_id === id,
  });
}
