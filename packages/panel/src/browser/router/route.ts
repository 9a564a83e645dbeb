/** The tabs of a server, in their order. */
export const serverTabs = ["overview", "access", "networks", "rescue", "agent", "activity"] as const;

export type ServerTab = (typeof serverTabs)[number];

/** Where somebody is. What is secret never stands in it. */
export type Route =
  | { readonly page: "servers" }
  | { readonly page: "server"; readonly id: string; readonly tab: ServerTab }
  | { readonly page: "build" }
  | { readonly page: "fleet" }
  | { readonly page: "unknown"; readonly path: string };

/** What a path leads to. */
export function parseRoute(path: string): Route {
  const [first, second, third, ...more] = path.split("/").filter((part) => part !== "");
  if (first === undefined || (first === "servers" && second === undefined)) return { page: "servers" };
  if (first === "build" && second === undefined) return { page: "build" };
  if (first === "fleet" && second === undefined) return { page: "fleet" };
  if (first === "servers" && second !== undefined && more.length === 0) {
    const tab = third === undefined ? "overview" : serverTabs.find((name) => name === third);
    const id = decode(second);
    if (tab !== undefined && id !== undefined) return { page: "server", id, tab };
  }
  return { page: "unknown", path };
}

/** The path that leads there. */
export function pathOf(route: Route): string {
  if (route.page === "servers") return "/";
  if (route.page === "unknown") return route.path;
  if (route.page !== "server") return `/${route.page}`;
  const base = `/servers/${encodeURIComponent(route.id)}`;
  return route.tab === "overview" ? base : `${base}/${route.tab}`;
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
