import type { Requester } from "@nova-agent/host";
import type * as z from "zod/mini";
import type { MicroversionRange } from "../../microversion.ts";
import { route, type Route, type RouteReply } from "../../route.ts";
import type { ComputeOptions } from "../compute-options.ts";
import { findServer } from "./load-servers.ts";

/** An action of a server: `{"<action>": <body>}`. */
export interface ActionDefinition<Body extends z.ZodMiniType> {
  readonly action: string;
  readonly summary: string;
  readonly body: Body;
  readonly microversions?: MicroversionRange;
  /** 202 without it. */
  readonly success?: number;
  readonly carryOut: (call: {
    readonly requester: Requester;
    /** Of an instance that is there. */
    readonly id: string;
    readonly body: z.output<Body>;
  }) => Promise<RouteReply>;
}

/** The route of an action, for members of the server's project. */
export function actionRoute<Body extends z.ZodMiniType>(
  options: ComputeOptions,
  { carryOut, ...row }: ActionDefinition<Body>,
): Route {
  return route({
    success: 202,
    ...row,
    name: row.action,
    method: "POST",
    path: "/v2.1/servers/:id/action",
    role: "member",
    handle: async ({ requester, params, body }) => {
      const { id } = await findServer(options, requester, params.id);
      return carryOut({ requester, id, body });
    },
  });
}
