import assert from "node:assert/strict";
import test from "node:test";
import { Router, type RouterWindow } from "../../src/browser/router/router.ts";

/** A window with a history as browsers have it (HTML, "The History interface"). */
class FakeWindow extends EventTarget {
  readonly entries: { state: unknown; path: string }[];
  readonly location = { pathname: "/" };
  readonly history = {
    scrollRestoration: "auto",
    state: null as unknown,
    pushState: (state: unknown, _unused: string, path: string): void => {
      this.entries.splice(this.#at + 1, Infinity, { state, path });
      this.#show(this.#at + 1);
    },
    replaceState: (state: unknown): void => {
      this.history.state = state;
      const entry = this.entries[this.#at];
      assert.ok(entry);
      entry.state = state;
    },
  };
  scrollY = 0;
  #at = 0;

  constructor(path: string) {
    super();
    this.entries = [{ state: null, path }];
    this.#show(0);
  }

  scrollTo(_x: number, y: number): void {
    this.scrollY = y;
  }

  step(by: number): void {
    this.#show(this.#at + by);
    this.dispatchEvent(new Event("popstate"));
  }

  #show(at: number): void {
    this.#at = at;
    const entry = this.entries[at];
    assert.ok(entry);
    this.history.state = entry.state;
    this.location.pathname = entry.path;
  }
}

function makeWorld(path = "/"): { readonly window: FakeWindow; readonly router: Router } {
  const window = new FakeWindow(path);
  return { window, router: new Router(window as unknown as RouterWindow) };
}

const server = { page: "server", id: "4f1c", tab: "overview" } as const;

test("it begins where the address leads", () => {
  assert.deepEqual(makeWorld("/fleet").router.route.value, { page: "fleet" });
});

test("going somewhere is a step of the history, and a step back leads back", () => {
  const { window, router } = makeWorld();
  router.go(server);
  assert.equal(window.location.pathname, "/servers/4f1c");
  window.step(-1);
  assert.deepEqual(router.route.value, { page: "servers" });
});

test("going to where one is is no step", () => {
  const { window, router } = makeWorld();
  router.go({ page: "servers" });
  assert.equal(window.entries.length, 1);
});

test("a new page begins at its top, and the one before is as far down as it was", () => {
  const { window, router } = makeWorld();
  window.scrollY = 700;
  router.go(server);
  router.restoreScroll();
  assert.equal(window.scrollY, 0);
  window.scrollY = 50;
  window.step(-1);
  router.restoreScroll();
  assert.equal(window.scrollY, 700);
  window.step(1);
  router.restoreScroll();
  assert.equal(window.scrollY, 50);
});

test("a page that takes the place of one that was gone back from begins at its top", () => {
  const { window, router } = makeWorld();
  router.go(server);
  window.scrollY = 300;
  window.step(-1);
  router.restoreScroll();
  router.go({ page: "build" });
  router.restoreScroll();
  assert.equal(window.scrollY, 0);
});

test("a page that is loaded again goes on at its step", () => {
  const { window, router } = makeWorld();
  router.go(server);
  const again = new Router(window as unknown as RouterWindow);
  window.scrollY = 80;
  again.go({ page: "fleet" });
  window.step(-1);
  again.restoreScroll();
  assert.equal(window.scrollY, 80);
});

test("a page that was loaded is told from one that was gone to", () => {
  const { router } = makeWorld();
  assert.equal(router.hasMoved, false);
  router.go(server);
  assert.equal(router.hasMoved, true);
});

test("a step back is a move, too", () => {
  const { window } = makeWorld();
  new Router(window as unknown as RouterWindow).go(server);
  const again = new Router(window as unknown as RouterWindow);
  assert.equal(again.hasMoved, false);
  window.step(-1);
  assert.equal(again.hasMoved, true);
});
