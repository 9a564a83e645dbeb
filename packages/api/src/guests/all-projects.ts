import type { Requester } from "@nova-agent/host";
import * as z from "zod/mini";
import { ApiError } from "../errors.ts";

/** The query field `all_projects`, for administrators. */
export const allProjects = z.optional(
  z.string().check(z.regex(/^(?:true|false)$/iu, "must be true or false")),
);

/**
 * The project whose servers a request is about; undefined for those of all projects. Throws FORBIDDEN when
 * somebody asks for all who is no administrator.
 */
export function chooseProject(requester: Requester, all: string | undefined): string | undefined {
  if (all === undefined || all.toLowerCase() === "false") return requester.projectId;
  if (requester.roles.includes("admin")) return undefined;
  throw new ApiError("FORBIDDEN", "Only administrators may see the servers of all projects");
}
