import type { ChangeFeed, Clock, IdentityRepository } from "@nova-agent/host";
import * as z from "zod/mini";
import { includesRole } from "../context/caller.ts";
import { route, type Route } from "../route.ts";
import { allProjects, chooseProject } from "./all-projects.ts";
import { EventStream } from "./event-stream.ts";
import { StreamPlaces } from "./stream-places.ts";

export interface EventRoutesOptions {
  readonly changes: Pick<ChangeFeed, "subscribe">;
  readonly identity: Pick<IdentityRepository, "findToken">;
  readonly clock: Pick<Clock, "after">;
}

const POSITION_MAX_CHARACTERS = 128;

/**
 * What changes, while it changes, as server-sent events (WHATWG HTML, "Server-sent events"):
 *
 * - `ready` first, or `reset` when what happened since `Last-Event-ID` is not known any more: then the client
 *   reads everything anew;
 * - `change` with `{"kind": "server" | "operation" | "action", "server_id", "id"}`: which one, and no more;
 * - `beat` every `EVENTS_BEAT_MS`.
 *
 * Each has an id, from which a client resumes.
 */
export function eventRoutes({ changes, identity, clock }: EventRoutesOptions): readonly Route[] {
  const places = new StreamPlaces();
  return [
    route({
      name: "followEvents",
      method: "GET",
      path: "/events",
      summary: "Follow what changes of servers, as server-sent events",
      role: "reader",
      query: z.object({ all_projects: allProjects }),
      handle: ({ requester, caller, query, headers, closing, hangUp }) => {
        const { all_projects: all } = query;
        const projectId = chooseProject(requester, all);
        const mayListen = async (): Promise<boolean> => {
          const scope = await identity.findToken(caller.token);
          return includesRole(scope?.roles ?? [], projectId === undefined ? "admin" : "reader");
        };
        const onEnded = places.take({ userId: requester.userId, session: caller.token });
        const after = headers.get("last-event-id")?.slice(0, POSITION_MAX_CHARACTERS);
        const own = { projectId, after, mayListen, closing, hangUp, onEnded };
        return {
          stream: new EventStream({ changes, clock, ...own }).bytes,
          headers: {
            "Content-Type": "text/event-stream",
            // Whoever is left at the end of the service is not to hold it up with an idle connection.
            Connection: "close",
            // A proxy passes on each event when it comes (ngx_http_proxy_module, "proxy_buffering").
            "X-Accel-Buffering": "no",
          },
        };
      },
    }),
  ];
}
