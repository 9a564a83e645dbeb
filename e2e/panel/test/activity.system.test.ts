import assert from "node:assert/strict";
import { isRootPassword, waitFor } from "@nova-agent/testbed";
import type { Page } from "playwright-core";
import { assertAccessible } from "../src/accessible.ts";
import { type ApiCaller, openApi } from "../src/api-caller.ts";
import { holdAgent, releaseAgent } from "../src/guest-agent.ts";
import { assertFits } from "../src/layout.ts";
import { demoPanel, panelSuite, type ServedPanel } from "../src/panel-suite.ts";
import { openServerTab } from "../src/server-page.ts";

const PASSWORD = "Trampoline-Gazebo-71";

/** A user who works with a client of the API, and not here. */
async function openClient(panel: ServedPanel, name: string): Promise<ApiCaller> {
  return openApi({ url: panel.url, name, password: await panel.passwordOf(name) });
}

function changePassword(api: ApiCaller, id: string, adminPass: string): Promise<unknown> {
  return api("POST", `/compute/v2.1/servers/${id}/action`, { changePassword: { adminPass } });
}

/** What was done, the newest first. */
function entries(page: Page, name: string) {
  return page.getByRole("region", { name: "Activity" }).locator(".entry").filter({ hasText: name });
}

function show(page: Page, which: string): Promise<unknown> {
  return page.getByLabel("Show", { exact: true }).selectOption(which);
}

panelSuite(
  "Activity of a server",
  { needs: ["namespaces", "ip"], start: demoPanel("namespaces") },
  (panelTest) => {
    panelTest("what somebody else does by the API is seen while it goes on", async (world) => {
      const { panel, page, signIn } = world;
      await signIn("demo");
      const id = await openServerTab(page, "activity");
      await entries(page, "Start").waitFor();
      const api = await openClient(panel, "demo-admin");
      await holdAgent(panel.demo);
      let change: Promise<unknown>;
      const reset = entries(page, "Reset password").first();
      try {
        change = changePassword(api, id, PASSWORD);
        await reset.getByText("Going on").waitFor();
        await reset.getByText("by demo-admin").waitFor();
        await reset.locator("summary").first().click();
        await reset.getByText("Set its password").waitFor();
        await reset.getByText("Sent to the guest").or(reset.getByText("Queued")).first().waitFor();
        // Time passes where one can see it.
        const elapsed = () => reset.getByText(/^for /).innerText();
        const first = await elapsed();
        await waitFor(async () => (await elapsed()) !== first, { what: "time that passes" });
        await show(page, "Going on");
        assert.equal(await entries(page, "Start").count(), 0);
        await assertAccessible(page);
      } finally {
        await releaseAgent(panel.demo);
      }
      await change;
      // It goes on no more, and the list is of what does.
      await page.getByText("There is none of these.").waitFor();
      await show(page, "Done");
      await reset.getByText(/^took /).waitFor();
      assert.ok(await isRootPassword(panel.demo.tree, PASSWORD));
      assert.ok(!(await page.content()).includes(PASSWORD));
    });

    panelTest("what failed is told with why, and found by its result", async ({ panel, page, signIn }) => {
      await signIn("demo");
      const id = await openServerTab(page, "activity");
      await entries(page, "Start").waitFor();
      const api = await openClient(panel, "demo");
      await assert.rejects(changePassword(api, id, "two\nlines"), /answered 4\d\d/);
      await show(page, "Failed");
      const failed = entries(page, "Reset password").first();
      await failed.getByText("Failed").waitFor();
      await failed.locator(".entry-message").waitFor();
      await failed.locator("summary").first().click();
      await failed.getByText("Request", { exact: true }).first().waitFor();
      await assertAccessible(page);
      await assertFits(page);
    });

    panelTest(
      "a link leads whoever follows it to one action, opened",
      async ({ page, signIn, openWindow }) => {
        await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
        await signIn("demo");
        await openServerTab(page, "activity");
        const start = entries(page, "Start").first();
        await start.locator("summary").first().click();
        await start.getByRole("button", { name: "Copy link" }).click();
        await start.getByText("Copied").waitFor();
        const link = await page.evaluate(() => navigator.clipboard.readText());
        assert.match(new URL(link).search, /^\?request=req-[\w-]+$/);
        const { page: other } = await openWindow({ colorScheme: "dark" });
        await signIn("demo-reader", other);
        await other.goto(link);
        await entries(other, "Start").getByText("Start its domain").waitFor();
        await assertAccessible(other);
        await assertFits(other);
        await other.goto(link.replace(/req-[\w-]+$/, "req-gone"));
        await other.getByText("What the link leads to is not kept any more").waitFor();
      },
    );
  },
);
