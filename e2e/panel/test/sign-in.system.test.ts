import assert from "node:assert/strict";
import { assertAccessible } from "../src/accessible.ts";
import { assertFits } from "../src/layout.ts";
import { demoPanel, panelSuite } from "../src/panel-suite.ts";
import { fillIn } from "../src/sign-in.ts";

panelSuite("Signing in", { start: demoPanel("root-tree") }, (panelTest) => {
  for (const colorScheme of ["light", "dark"] as const) {
    panelTest(`the sign-in page is accessible in ${colorScheme} colours`, async ({ panel, openWindow }) => {
      const { page } = await openWindow({ colorScheme });
      await page.goto(panel.url);
      await page.getByRole("button", { name: "Sign in" }).waitFor();
      await assertAccessible(page);
      await assertFits(page);
    });
  }

  panelTest("a wrong password is told as one, and the right one brings to the servers", async (world) => {
    const { panel, page } = world;
    await page.goto(panel.url);
    await fillIn(page, { name: "demo", password: "not the password" });
    await page.getByText("User or password is wrong").waitFor();
    await assertAccessible(page);
    await fillIn(page, { name: "demo", password: await panel.passwordOf("demo") });
    await page.getByRole("link", { name: "demo", exact: true }).first().waitFor();
    assert.equal(await page.getByRole("link", { name: "Servers" }).getAttribute("aria-current"), "page");
  });

  panelTest("a page that is not there says so, and is accessible", async ({ panel, page, signIn }) => {
    await signIn("demo");
    const response = await page.goto(`${panel.url}/nowhere`);
    assert.equal(response?.status(), 404);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await assertAccessible(page);
    await assertFits(page);
  });
});
