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
  const offered = routes.filter(({ microversions }) => isWithin(microversion, microversions));
  const actions = offered.filter(({ action }) => action !== undefined);
  if (actions.length > 0) return chooseAction(actions, body);
  const [route] = offered;
  if (route === undefined) {
    throw new ApiError("NOT_FOUND", `This is not offered in version 2.${microversion} of the API`);
  }
  return { route, body };
}

function chooseAction(
  routes: readonly Route[],
  body: unknown,
): { readonly route: Route; readonly body: unknown } {
  const entries =
    typeof body === "object" && body !== null && !Array.isArray(body) ? Object.entries(body) : [];
  const [entry, more] = entries;
  if (entry === undefined || more !== undefined) {
    throw new ApiError("BAD_REQUEST", "The body must be an object with the action as its only key");
  }
  const [name, value] = entry;
  const route = routes.find(({ action }) => action === name);
  if (route === undefined) throw new ApiError("BAD_REQUEST", `There is no such action: ${name.slice(0, 64)}`);
  return { route, body: value as unknown };
}
