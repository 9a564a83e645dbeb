import { type ReadonlySignal, signal } from "@preact/signals";
import { SCROLLS_MAX } from "../limits.ts";
import { parseRoute, pathOf, type Route } from "./route.ts";

export type RouterWindow = Pick<Window, "location" | "history" | "scrollY" | "scrollTo" | "addEventListener">;

/** The page that is shown, in step with the address that the browser shows. */
export class Router {
  readonly #window: RouterWindow;
  readonly #route;
  /** How far down each step of the history was when it was left, by its number. */
  readonly #scrolls = new Map<number, number>();
  #step: number;
  #hasMoved = false;

  constructor(window: RouterWindow) {
    this.#window = window;
    this.#step = stepOf(window.history.state) ?? 0;
    this.#route = signal<Route>(parseRoute(window.location.pathname));
    // The browser would scroll before the page is drawn.
    window.history.scrollRestoration = "manual";
    window.history.replaceState({ step: this.#step }, "");
    window.addEventListener("popstate", () => {
      this.noteMove();
      this.#leave();
      this.#step = stepOf(window.history.state) ?? 0;
      this.#route.value = parseRoute(window.location.pathname);
    });
  }

  get route(): ReadonlySignal<Route> {
    return this.#route;
  }

  /** Whether the page that is shown was gone to, and not loaded by the browser. */
  get hasMoved(): boolean {
    return this.#hasMoved;
  }

  /** What is shown next was gone to, such as by signing in. */
  noteMove(): void {
    this.#hasMoved = true;
  }

  /** Goes there; a step back leads here again. */
  go(route: Route): void {
    this.noteMove();
    const path = pathOf(route);
    const { history, location } = this.#window;
    if (path !== location.pathname) {
      this.#leave();
      this.#step += 1;
      this.#scrolls.delete(this.#step);
      history.pushState({ step: this.#step }, "", path);
    }
    this.#route.value = route;
  }

  /** As far down as the page was when it was left, and at its top when it is new; called when it is drawn. */
  restoreScroll(): void {
    this.#window.scrollTo(0, this.#scrolls.get(this.#step) ?? 0);
  }

  #leave(): void {
    this.#scrolls.set(this.#step, this.#window.scrollY);
    const [oldest] = this.#scrolls.keys();
    if (this.#scrolls.size > SCROLLS_MAX && oldest !== undefined) this.#scrolls.delete(oldest);
  }
}

function stepOf(state: unknown): number | undefined {
  if (typeof state !== "object" || state === null || !("step" in state)) return undefined;
  return typeof state.step === "number" ? state.step : undefined;
}
