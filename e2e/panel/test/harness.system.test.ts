import assert from "node:assert/strict";
import { waitFor } from "@nova-agent/testbed";
import { assertAccessible } from "../src/accessible.ts";
import { assertFits } from "../src/layout.ts";
import { demoPanel, panelSuite } from "../src/panel-suite.ts";
import type { WatchedPage } from "../src/watched-page.ts";

/** What the page is unclean for; undefined while it is clean. */
function errorOf(window: WatchedPage): string | undefined {
  try {
    window.assertClean();
    return undefined;
  } catch (error) {
    return String(error);
  }
}

// What would let a fault of the panel through unseen is a fault, too.
panelSuite("Watching a page", { start: demoPanel("root-tree") }, (panelTest) => {
  const faults: readonly (readonly [what: string, act: () => void, told: RegExp])[] = [
    ["an error in the console", () => console.error("something went wrong"), /something went wrong/],
    [
      "an error that nobody catches",
      () => void setTimeout(() => JSON.parse("{")),
      /SyntaxError.*\(not caught\)/s,
    ],
    ["a promise that nobody looks at", () => void Promise.reject(new Error("lost")), /lost.*\(not caught\)/s],
    ["another origin", () => void (new Image().src = "http://192.0.2.1/pixel.png"), /192\.0\.2\.1/],
    ["a style in an attribute", () => document.body.setAttribute("style", "color: red"), /Security Policy/],
    [
      "text that becomes markup",
      () => void (document.body.innerHTML = "<p>hello</p>"),
      /Trusted ?(HTML|Type)/,
    ],
  ];
  for (const [what, act, told] of faults) {
    panelTest(`${what} makes a page unclean`, async ({ panel, openWindow }) => {
      const window = await openWindow();
      await window.page.goto(panel.url);
      await window.page.getByRole("button", { name: "Sign in" }).waitFor();
      window.assertClean();
      await window.page.evaluate(act).catch(() => undefined);
      const error = await waitFor(() => errorOf(window), { what: "error" });
      assert.match(error, told);
      window.expect(/./);
    });
  }

  panelTest("what axe objects to is told with the element", async ({ panel, page }) => {
    await page.goto(panel.url);
    const heading = page.getByRole("heading", { level: 1 });
    await heading.evaluate((element) => element.setAttribute("aria-nonsense", "1"));
    await assert.rejects(assertAccessible(page), /aria-valid-attr: [^]*aria-nonsense/);
  });

  panelTest("what is wider than the window is told", async ({ panel, page }) => {
    await page.goto(panel.url);
    const heading = page.getByRole("heading", { level: 1 });
    await heading.evaluate((element) => element.style.setProperty("width", "2000px"));
    await assert.rejects(assertFits(page), /At 360 px .* wider than its window:\n[^]*<h1/);
  });
});
