import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isRootPassword, waitFor } from "@nova-agent/testbed";
import type { Page } from "playwright-core";
import { assertAccessible } from "../src/accessible.ts";
import { assertFits } from "../src/layout.ts";
import { BOOT_TIMEOUT_MS } from "../src/limits.ts";
import { demoPanel, panelSuite } from "../src/panel-suite.ts";
import { openServerTab, textsOf } from "../src/server-page.ts";
import { signIn as signInTo } from "../src/sign-in.ts";

const TITLE = "The one-time password of the rescue system";

/** Types the server's name, confirms, and resolves to the one-time password. */
async function enterRescue(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Enter rescue mode" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Type demo to confirm").fill("demo");
  await dialog.getByRole("button", { name: "Enter rescue mode" }).click();
  await dialog.waitFor({ state: "detached" });
  return (await page.getByRole("group", { name: TITLE }).locator("code").last().innerText()).trim();
}

async function endRescue(page: Page): Promise<void> {
  await page.getByRole("button", { name: "End rescue" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "End rescue" }).click();
}

panelSuite(
  "Rescue of a server",
  { needs: ["namespaces", "ip"], start: demoPanel("namespaces") },
  (panelTest) => {
    panelTest("nothing begins before the server's name is typed", async ({ page, signIn }) => {
      await signIn("demo");
      await openServerTab(page, "rescue");
      await assertAccessible(page);
      await assertFits(page);
      await page.getByRole("button", { name: "Enter rescue mode" }).click();
      const dialog = page.getByRole("dialog");
      const field = dialog.getByLabel("Type demo to confirm");
      const asked: string[] = [];
      page.on("request", (request) => void asked.push(request.method()));
      for (const text of ["", "dem", "Demo"]) {
        await field.fill(text);
        await field.press("Enter");
        const button = dialog.getByRole("button", { name: "Enter rescue mode" });
        assert.equal(await button.getAttribute("aria-disabled"), "true");
      }
      await assertAccessible(page);
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      assert.ok(!asked.includes("POST"));
      await page.getByRole("heading", { name: "Enter rescue mode" }).waitFor();
    });

    panelTest("a reader sees what a rescue is, and why it is not theirs to begin", async (world) => {
      const { page, signIn } = world;
      await signIn("demo-reader");
      await openServerTab(page, "rescue");
      await page.getByText("Not possible now: Your role in this project only lets you look").waitFor();
      await page.getByRole("button", { name: "Enter rescue mode" }).press("Enter");
      assert.equal(await page.getByRole("dialog").count(), 0);
    });

    panelTest("a server is rescued, repaired by what the page says, and boots again", async (world) => {
      const { page, panel, signIn, openWindow } = world;
      const { tree } = panel.demo;
      await signIn("demo");
      await openServerTab(page, "rescue");
      const other = (await openWindow({ colorScheme: "dark" })).page;
      const name = "demo-reader";
      await signInTo(other, { url: panel.url, name, password: await panel.passwordOf(name) });
      await openServerTab(other, "rescue");

      const password = await enterRescue(page);
      for (const window of [page, other]) {
        await window
          .getByRole("heading", { name: "The rescue system runs" })
          .waitFor({ timeout: BOOT_TIMEOUT_MS });
        await window.getByRole("heading", { name: "Repair the server" }).waitFor();
      }
      assert.ok(await isRootPassword(join(tree, "../rescue"), password));
      assert.ok(!(await textsOf(other)).includes(password));
      await assertAccessible(page);
      await assertFits(page);
      await assertAccessible(other);
      await page.getByText(password, { exact: true }).waitFor();

      await page.getByLabel("Directory to mount it at").fill("/mnt/rescue disk");
      await page.getByText("Only letters, digits").waitFor();
      await page.getByLabel("Directory to mount it at").fill("/mnt/rescue-disk");
      await page.getByText("nova-agent rescue --root /mnt/rescue-disk").waitFor();

      await endRescue(page);
      for (const window of [page, other]) {
        await window
          .getByRole("heading", { name: "The last rescue has ended" })
          .waitFor({ timeout: BOOT_TIMEOUT_MS });
        await window.getByRole("heading", { name: "What to check now" }).waitFor();
      }
      assert.ok(existsSync(join(tree, "etc/shadow")));
      assert.ok(!(await isRootPassword(tree, password)));
      // It went with the rescue system.
      assert.ok(!(await textsOf(page)).includes(password));
      await assertAccessible(page);
      await assertFits(page);
      // The same server can do again what it could before.
      await waitFor(
        async () =>
          (await page.getByRole("button", { name: "Enter rescue mode" }).getAttribute("aria-disabled")) ===
          "false",
        { what: "server that can be rescued again" },
      );
    });
  },
);
