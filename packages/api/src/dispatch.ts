import { ApiError } from "./errors.ts";
import { isWithin, type Microversion } from "./microversion.ts";
import type { Route } from "./route.ts";

/** Routes of one method and path. */
export interface RouteGroup {
  readonly method: Route["method"];
  readonly path: string;
  readonly routes: readonly Route[];
}

/** The routes of a table by method and path, in the table's order. */
export function groupRoutes(routes: readonly Route[]): readonly RouteGroup[] {
  const groups = new Map<string, Route[]>();
  for (const route of routes) {
    const key = `${route.method} ${route.path}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [route]);
    else group.push(route);
  }
  return [...groups.values()].flatMap((routes) => {
    const [first] = routes;
    return first === undefined ? [] : [{ method: first.method, path: first.path, routes }];
  });
}

/** Whether the body of a request for this group must be read. */
export function takesBody({ routes }: RouteGroup): boolean {
  return routes.some(({ body, action }) => body !== undefined || action !== undefined);
}

/** The route of a group that a request is for, and the body that is its own. */
export function chooseRoute(
  { routes }: RouteGroup,
  { microversion, body }: { readonly microversion: Microversion; readonly body: unknown },
): { readonly route: Route; readonly body: unknown } {
  const isOffered = ({ microversions }: Route): boolean => isWithin(microversion, microversions);
  const asked = routes.some(({ action }) => action !== undefined)
    ? chooseAction(routes, body)
    : { routes, body };
  const route = asked.routes.find(isOffered);
  if (route !== undefined) return { route, body: asked.body };
  throw new ApiError("NOT_FOUND", `This is not offered in version 2.${microversion} of the API`);
}

/** The routes of the action that a body names, of whichever versions, and the action's own body. */
function chooseAction(
  routes: readonly Route[],
  body: unknown,
): { readonly routes: readonly Route[]; readonly body: unknown } {
  const entries =
    typeof body === "object" && body !== null && !Array.isArray(body) ? Object.entries(body) : [];
  const [entry, more] = entries;
  if (entry === undefined || more !== undefined) {
    throw new ApiError("BAD_REQUEST", "The body must be an object with the action as its only key");
  }
  const [name, value] = entry;
  const named = routes.filter(({ action }) => action === name);
  if (named.length === 0) throw new ApiError("BAD_REQUEST", `There is no such action: ${name.slice(0, 64)}`);
  return { routes: named, body: value as unknown };
}
