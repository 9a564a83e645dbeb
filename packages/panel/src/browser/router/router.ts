import { type ReadonlySignal, signal } from "@preact/signals";
import { parseRoute, pathOf, type Route } from "./route.ts";

/** The page that is shown, in step with the address that the browser shows. */
export class Router {
  readonly #window: Window;
  readonly #route;

  constructor(window: Window) {
    this.#window = window;
    this.#route = signal<Route>(parseRoute(window.location.pathname));
    window.addEventListener("popstate", () => {
      this.#route.value = parseRoute(window.location.pathname);
    });
  }

  get route(): ReadonlySignal<Route> {
    return this.#route;
  }

  /** Goes there; a step back leads here again. */
  go(route: Route): void {
    const path = pathOf(route);
    if (path !== this.#window.location.pathname) this.#window.history.pushState(null, "", path);
    this.#route.value = route;
  }
}
