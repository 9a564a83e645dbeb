import type { BrowserContext, ConsoleMessage, Page } from "playwright-core";
import { PAGE_TIMEOUT_MS, SHOWN_TEXT_MAX_CHARACTERS } from "./limits.ts";

/** A page, with everything that should not happen in one and did. */
export interface WatchedPage {
  readonly page: Page;
  /** Says that errors like this are what the test is about. */
  expect(pattern: RegExp): void;
  /** Resolves when everything that has gone wrong so far is known. */
  settle(): Promise<void>;
  /** Throws when there was an error that was not expected. */
  assertClean(): void;
  /** Where it is, what it shows and what went wrong, for whoever looks into a failure. */
  describe(): Promise<string>;
}

/** Chromium tells of every answer with such a status; what the panel makes of it is shown by the panel. */
const REFUSED = /^Failed to load resource: the server responded with a status of 4\d\d /;

/**
 * Opens a page that may ask `origin` alone. Errors are what a page writes to the console as such, which
 * Chromium does with violations of the Content Security Policy, what it throws and does not catch, and what it
 * asks another place for.
 */
export async function openPage(context: BrowserContext, origin: string): Promise<WatchedPage> {
  const errors: string[] = [];
  const expected: RegExp[] = [REFUSED];
  const note = (text: string): void => void errors.push(text);
  const unexpected = () => errors.filter((text) => !expected.some((pattern) => pattern.test(text)));
  const page = await context.newPage();
  page.setDefaultTimeout(PAGE_TIMEOUT_MS);
  page.on("console", (message) => {
    if (message.type() === "error" || isViolation(message)) note(`${message.text()} (console)`);
  });
  page.on("pageerror", (error) => note(`${error.stack ?? error.message} (not caught)`));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== origin) note(`${request.url()} (asked for elsewhere)`);
  });
  return {
    page,
    expect: (pattern) => void expected.push(pattern),
    // The page tells in order.
    settle: () => page.evaluate(() => undefined).catch(() => undefined),
    assertClean: () => {
      const left = unexpected();
      if (left.length > 0) throw new Error(`The page is not clean:\n${left.join("\n")}`);
    },
    describe: async () => {
      const text = await page.evaluate(() => document.body.innerText).catch(() => "(it cannot be read)");
      const shown = text.slice(0, SHOWN_TEXT_MAX_CHARACTERS);
      return `At ${page.url()} it shows:\n${shown}\nErrors: ${unexpected().join("\n") || "none"}`;
    },
  };
}

function isViolation(message: ConsoleMessage): boolean {
  return /Content Security Policy|Trusted ?Type/i.test(message.text());
}
