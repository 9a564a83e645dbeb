import { after, suite, test } from "node:test";
import {
  type Cleanup,
  type Need,
  openChromium,
  passwordOf,
  runDirectory,
  type RunningDemo,
  skipReason,
  startDemo,
} from "@nova-agent/testbed";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { TEST_TIMEOUT_MS } from "./limits.ts";
import { signIn } from "./sign-in.ts";
import { openPage, type WatchedPage } from "./watched-page.ts";

/** What the panel is served by: its address, and the passwords of its users. */
export interface ServedPanel {
  readonly url: string;
  readonly passwordOf: (user: string) => Promise<string>;
}

/** How a suite's tests find their panel. */
export interface PanelSuiteOptions<Panel extends ServedPanel> {
  /** What its tests need of the machine beside Chromium. */
  readonly needs?: readonly Need[];
  /** Starts the panel that they share, when the first of them runs. */
  readonly start: (cleanup: Cleanup) => Promise<Panel>;
}

/** What a test has. */
export interface PanelWorld<Panel extends ServedPanel> {
  readonly panel: Panel;
  /** A page in a window that nobody has signed in to. */
  readonly page: Page;
  readonly watched: WatchedPage;
  /** Signs a user of the panel in, in `page` or in a window that was opened. */
  readonly signIn: (user: string, page?: Page) => Promise<void>;
  /** Another person's window: it shares nothing with the first one. */
  readonly openWindow: (options?: BrowserContextOptions) => Promise<WatchedPage>;
}

/** Declares a test of a suite. */
export type PanelTest<Panel extends ServedPanel> = (
  name: string,
  body: (world: PanelWorld<Panel>) => Promise<void>,
) => void;

/**
 * Tests of one file, which share a panel and a Chromium; both end with the last of them. Each has windows of
 * its own, and fails when one of them was not clean (`openPage`); then it prints what they show.
 */
export function panelSuite<Panel extends ServedPanel>(
  name: string,
  { needs = [], start }: PanelSuiteOptions<Panel>,
  define: (panelTest: PanelTest<Panel>) => void,
): void {
  void suite(name, () => {
    const closers: (() => Promise<void>)[] = [];
    const cleanup: Cleanup = { after: (close) => void closers.push(close) };
    after(() => closeAll(closers));
    let shared: Promise<readonly [Panel, Browser]> | undefined;
    define((title, body) => {
      void test(title, { timeout: TEST_TIMEOUT_MS }, async (context) => {
        const reason = await skipReason(["chromium", ...needs], process.env["CI"] === "true");
        if (reason !== undefined) return context.skip(reason);
        const [panel, browser] = await (shared ??= startShared(start, cleanup));
        await inWindows({ panel, browser }, body);
      });
    });
  });
}

/** The demo as `npm start` runs it. */
export function demoPanel(
  guest: "namespaces" | "root-tree" | "auto",
): (cleanup: Cleanup) => Promise<ServedPanel & { readonly demo: RunningDemo }> {
  return async (cleanup) => {
    const demo = await startDemo(cleanup, { directory: await runDirectory(cleanup), guest });
    return { demo, url: demo.url, passwordOf: (user) => passwordOf(demo, user) };
  };
}

async function startShared<Panel extends ServedPanel>(
  start: (cleanup: Cleanup) => Promise<Panel>,
  cleanup: Cleanup,
): Promise<readonly [Panel, Browser]> {
  const browser = await openChromium();
  cleanup.after(() => browser.close());
  return [await start(cleanup), browser];
}

/** Runs a test and closes all windows that it had. */
async function inWindows<Panel extends ServedPanel>(
  { panel, browser }: { readonly panel: Panel; readonly browser: Browser },
  body: (world: PanelWorld<Panel>) => Promise<void>,
): Promise<void> {
  const windows: WatchedPage[] = [];
  const openWindow = async (options: BrowserContextOptions = {}): Promise<WatchedPage> => {
    const window = await openPage(await browser.newContext(options), new URL(panel.url).origin);
    windows.push(window);
    return window;
  };
  try {
    const watched = await openWindow();
    const { page } = watched;
    const signInAs = async (name: string, where = page): Promise<void> =>
      signIn(where, { url: panel.url, name, password: await panel.passwordOf(name) });
    await body({ panel, page, watched, signIn: signInAs, openWindow });
    for (const window of windows) {
      await window.settle();
      window.assertClean();
    }
  } catch (error) {
    for (const window of windows) console.error(await window.describe());
    throw error;
  } finally {
    for (const { page } of windows) await page.context().close();
  }
}

/** The last first: a demo has ended before its directory goes. */
async function closeAll(closers: readonly (() => Promise<void>)[]): Promise<void> {
  for (const close of closers.toReversed()) await close();
}
