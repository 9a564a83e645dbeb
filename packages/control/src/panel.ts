import type { Api, ApiBindings } from "@nova-agent/api";
import { openPanel, type Panel, panelDirectory } from "@nova-agent/panel";

/** What is served at one port: to be given to `serve` of `@nova-agent/api`. */
export interface Served {
  fetch(request: Request, bindings: ApiBindings): Response | Promise<Response>;
}

/** The API with the panel, as it was built, before it. Throws a PanelError where it was not. */
export async function servePanel(api: Api): Promise<Served> {
  return withPanel(api, await openPanel(panelDirectory()));
}

/**
 * The panel and the API as one origin. What begins as a path of the API does is the API's, whatever the panel
 * would say to it; and so is what the panel has no answer to.
 */
export function withPanel(api: Pick<Api, "routes" | "fetch">, panel: Panel): Served {
  const prefixes = new Set(api.routes.map(({ path }) => firstSegment(path)));
  return {
    fetch: (request, bindings) => {
      const isForApi = prefixes.has(firstSegment(new URL(request.url).pathname));
      return (isForApi ? undefined : panel.answer(request)) ?? api.fetch(request, bindings);
    },
  };
}

function firstSegment(path: string): string {
  return path.split("/", 2)[1] ?? "";
}
