import type { Route } from "../route.ts";
import type { ComputeOptions } from "./compute-options.ts";
import { actionRoutes } from "./servers/action-routes.ts";
import { changeRoutes } from "./servers/change-routes.ts";
import { createRoutes } from "./servers/create-routes.ts";
import { serverRoutes } from "./servers/server-routes.ts";

/** The routes of the Compute API below `/compute`, all but its versions. */
export function computeRoutes(options: ComputeOptions): readonly Route[] {
  return [
    ...serverRoutes(options),
    ...createRoutes(options),
    ...changeRoutes(options),
    ...actionRoutes(options),
  ];
}
