import type { Route } from "../route.ts";

/** The routes of the Compute API below `/compute`, all but its versions. */
export function computeRoutes(): readonly Route[] {
  return [];
}
