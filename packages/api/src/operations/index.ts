import type { OperationRepository, Requester } from "@nova-agent/host";
import * as z from "zod/mini";
import { ApiError } from "../errors.ts";
import { PAGE_MAX } from "../limits.ts";
import { route, type Route } from "../route.ts";
import { viewOperation } from "./view-operation.ts";

const filter = z.object({
  instance: z.optional(z.string()),
  /** As the header `X-OpenStack-Request-Id` of the action had it. */
  request: z.optional(z.string()),
  is_finished: z.optional(z.string().check(z.regex(/^(?:true|false)$/iu, "must be true or false"))),
  limit: z.optional(z.string().check(z.regex(/^[1-9]\d{0,5}$/u, "must be a number from 1 on"))),
});

export interface OperationRoutesOptions {
  readonly operations: Pick<OperationRepository, "find" | "list">;
}

/** The ledger, to read: a service of ours, in the catalog as `guest-operations`. */
export function operationRoutes({ operations }: OperationRoutesOptions): readonly Route[] {
  return [
    route({
      name: "listOperations",
      method: "GET",
      path: "/operations",
      summary: "List what was asked of guests, the newest first",
      role: "reader",
      query: filter,
      handle: async ({ requester, query }) => {
        const list = await operations.list({
          instanceId: query.instance,
          requestId: query.request,
          projectId: isAdmin(requester) ? undefined : requester.projectId,
          isFinished: query.is_finished === undefined ? undefined : /^true$/iu.test(query.is_finished),
          limit: Math.min(Number(query.limit ?? PAGE_MAX), PAGE_MAX),
        });
        return { body: { operations: list.map(viewOperation) } };
      },
    }),
    route({
      name: "showOperation",
      method: "GET",
      path: "/operations/:id",
      summary: "Show one request to a guest, with its timeline",
      role: "reader",
      handle: async ({ requester, params }) => {
        const operation = await operations.find(params.id);
        // That another project has one of this id is nobody else's business.
        if (operation === undefined || !(isAdmin(requester) || operation.projectId === requester.projectId)) {
          throw new ApiError("NOT_FOUND", `There is no operation ${params.id}`);
        }
        return { body: { operation: viewOperation(operation) } };
      },
    }),
  ];
}

function isAdmin({ roles }: Requester): boolean {
  return roles.includes("admin");
}
