import * as z from "zod/mini";
import { route, type Route } from "../../route.ts";
import type { ComputeOptions } from "../compute-options.ts";
import { secretText } from "../schemas.ts";
import { findServer } from "./load-servers.ts";

const path = "/v2.1/servers/:id/action";

/** What is done with servers (nova api-ref, "Servers - run an action"). */
export function actionRoutes(options: ComputeOptions): readonly Route[] {
  return [changePassword(options)];
}

function changePassword(options: ComputeOptions): Route {
  return route({
    name: "changePassword",
    method: "POST",
    path,
    action: "changePassword",
    summary: "Set the administrator's password; answered when the guest has it, or with the reason why not",
    role: "member",
    body: z.object({ adminPass: secretText }),
    success: 202,
    handle: async ({ requester, params, body }) => {
      const { id } = await findServer(options, requester, params.id);
      await options.instances.changePassword(requester, id, body.adminPass);
      return {};
    },
  });
}
