import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { assertAccessible } from "../src/accessible.ts";
import { startCloud } from "../src/cloud.ts";
import { PROJECT } from "../src/fill-cloud.ts";
import { assertFits } from "../src/layout.ts";
import { panelSuite } from "../src/panel-suite.ts";

const SERVERS = 60;

const start = {
  start: (cleanup: Parameters<typeof startCloud>[0]) => startCloud(cleanup, { servers: SERVERS }),
};

/** The names of the rows in sight, in their order. */
async function shownNames(page: Page): Promise<readonly string[]> {
  return page.locator(".cell-name a").filter({ visible: true }).allInnerTexts();
}

function row(page: Page, name: string) {
  return page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
}

panelSuite("The list of servers", start, (panelTest) => {
  panelTest("it is searched by name, address and image, and says what it shows", async ({ page, signIn }) => {
    await signIn("demo");
    await page.getByText(`${SERVERS} servers`).waitFor();
    const search = page.getByRole("searchbox");
    await search.fill("server-000");
    await page.getByText(`9 of ${SERVERS} servers`).waitFor();
    await search.fill("10.208.0.17");
    assert.deepEqual(await shownNames(page), ["server-0017"]);
    await search.fill("no-agent");
    await page.getByText(`6 of ${SERVERS} servers`).waitFor();
    await search.fill("nothing like this");
    await page.getByText("No server is like that").waitFor();
    await assertAccessible(page);
    await page.getByRole("button", { name: "Show all" }).click();
    await page.getByText(`${SERVERS} servers`).waitFor();
  });

  panelTest("it stays as it was when one comes back from a server", async ({ page, signIn }) => {
    await signIn("demo");
    await page.getByLabel("Agent", { exact: true }).selectOption("Answers");
    await page.getByRole("button", { name: "Name" }).click();
    await page.getByRole("button", { name: "Name" }).click();
    const header = page.getByRole("columnheader", { name: "Name" });
    assert.equal(await header.getAttribute("aria-sort"), "descending");
    const names = await shownNames(page);
    assert.deepEqual(names, names.toSorted().toReversed());
    const last = page.getByRole("link", { name: names.at(-1) ?? "", exact: true });
    await last.scrollIntoViewIfNeeded();
    assert.ok((await page.evaluate(() => window.scrollY)) > 0);
    await last.click();
    const heading = page.getByRole("heading", { name: names.at(-1) ?? "", level: 1 });
    await heading.waitFor();
    assert.equal(await page.evaluate(() => window.scrollY), 0);
    assert.ok(await heading.evaluate((element) => element === document.activeElement));
    await page.goBack();
    await last.waitFor();
    assert.deepEqual(await shownNames(page), names);
    // Rows that were never in sight have a height that is guessed, so that a few pixels may differ.
    const isInSight = await last.evaluate((link) => {
      const { top, bottom } = link.getBoundingClientRect();
      return top >= 0 && bottom <= window.innerHeight;
    });
    assert.ok(isInSight);
    await page.getByRole("button", { name: "Name" }).click();
    assert.equal(await header.getAttribute("aria-sort"), null);
  });

  panelTest("several in a row are selected with Shift, and only those in sight count", async (world) => {
    const { page, signIn } = world;
    await signIn("demo");
    await page.getByLabel("Select server-0002", { exact: true }).check();
    await page.getByLabel("Select server-0006", { exact: true }).click({ modifiers: ["Shift"] });
    await page.getByText("5 selected").waitFor();
    await assertAccessible(page);
    await assertFits(page);
    await page.getByRole("searchbox").fill("server-0003");
    await page.getByText("1 selected").waitFor();
    await page.getByRole("searchbox").fill("");
    await page.getByLabel("Select all that are shown").check();
    await page.getByText(`${SERVERS} selected`).waitFor();
    await page.getByRole("button", { name: "Select none" }).click();
    await page.getByText("Select servers to do something").waitFor();
  });

  panelTest("of several, each that fails says why, and what is dangerous is typed first", async (world) => {
    const { page, signIn } = world;
    await signIn("demo");
    await page.getByLabel("Select server-0001", { exact: true }).check();
    await page.getByLabel("Select server-0010", { exact: true }).check();
    await page.getByRole("button", { name: "Delete" }).click();
    const dialog = page.getByRole("dialog", { name: "Delete: 2 servers" });
    const confirm = dialog.getByRole("button", { name: "Delete 2 servers" });
    assert.equal(await confirm.getAttribute("aria-disabled"), "true");
    await confirm.click({ force: true });
    await assertAccessible(page);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    // One is off already, and the other has no domain that could be asked.
    await page.getByRole("button", { name: "Start" }).click();
    await page.getByRole("button", { name: "Start 2 servers" }).click();
    await page.getByText("of 2 servers failed").waitFor();
    await assertAccessible(page);
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByText("Select servers to do something").waitFor();
  });

  panelTest("a server appears, changes and vanishes in two windows, without a reload", async (world) => {
    const { page, panel, signIn, openWindow } = world;
    const other = await openWindow();
    await signIn("demo");
    await signIn("demo-reader", other.page);
    const pages = [page, other.page];
    for (const one of pages) await one.getByText("Live", { exact: true }).waitFor();
    const { instances } = panel.database;
    const model = await instances.find(panel.serverIds[8] ?? "");
    assert.ok(model);
    const id = "11111111-2222-4333-8444-555555555555";
    await instances.insert({ ...model, id, name: "appears", createdAt: new Date() });
    for (const one of pages) {
      await one.getByText(`${SERVERS + 1} servers`).waitFor();
      assert.equal((await shownNames(one))[0], "appears");
    }
    await instances.update(id, { vmState: "stopped" });
    for (const one of pages) await row(one, "appears").getByText("Off").first().waitFor();
    await page.getByRole("link", { name: "appears" }).click();
    await page.getByRole("heading", { name: "appears", level: 1 }).waitFor();
    await instances.update(id, { vmState: "deleted", deletedAt: new Date() });
    await page.getByRole("heading", { name: "There is no such server" }).waitFor();
    await assertAccessible(page);
    await page.getByRole("link", { name: "Go to the servers" }).click();
    for (const one of pages) await one.getByText(`${SERVERS} servers`).waitFor();
  });

  panelTest("administrators see the servers of all projects, with whose they are", async (world) => {
    const { page, panel, signIn, openWindow } = world;
    const { identity, instances } = panel.database;
    const model = await instances.find(panel.serverIds[8] ?? "");
    assert.ok(model);
    const projectId = "other-project";
    await identity.createProject({ id: projectId, name: "other", isEnabled: true });
    const id = "22222222-2222-4333-8444-555555555555";
    await instances.insert({ ...model, id, name: "elsewhere", projectId, createdAt: new Date() });
    const other = await openWindow();
    await signIn("demo", other.page);
    assert.equal(await other.page.getByLabel("All projects").count(), 0);
    await signIn("demo-admin");
    await page.getByText(`${SERVERS} servers`).waitFor();
    await page.getByLabel("All projects").check();
    await row(page, "elsewhere").getByText("in project other-project").waitFor();
    await row(page, "server-0001").getByText(`in project ${PROJECT.name}`).waitFor();
    await instances.update(id, { name: "still-elsewhere" });
    await page.getByRole("link", { name: "still-elsewhere" }).waitFor();
    assert.equal(await other.page.getByText("elsewhere").count(), 0);
    await assertAccessible(page);
    await assertFits(page);
    await page.getByLabel("All projects").uncheck();
    await page.getByText(`${SERVERS} servers`).waitFor();
    await instances.update(id, { vmState: "deleted", deletedAt: new Date() });
  });

  panelTest(
    "by keyboard alone one signs in, goes to a server, begins a reboot and cancels it",
    async (world) => {
      const { page, panel } = world;
      const { keyboard } = page;
      const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
      /** Goes on by the tab key until something is in focus. */
      const tabTo = async (text: string): Promise<void> => {
        for (let count = 0; count < 30; count += 1) {
          if ((await focused()).startsWith(text)) return;
          await keyboard.press("Tab");
        }
        assert.fail(`The tab key does not come to "${text}", but to "${await focused()}"`);
      };
      await page.goto(panel.url);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await keyboard.press("Tab");
      await keyboard.type("demo");
      await keyboard.press("Tab");
      await keyboard.type(await panel.passwordOf("demo"));
      await keyboard.press("Enter");
      await page.getByRole("link", { name: "server-0001" }).waitFor();
      // Whoever comes here is at the heading, and finds the search behind it.
      assert.equal(await focused(), "Servers");
      await tabTo("Build a server");
      await keyboard.press("Tab");
      await keyboard.type("server-0008");
      await tabTo("server-0008");
      await keyboard.press("Enter");
      await page.getByRole("heading", { name: "server-0008", level: 1 }).waitFor();
      await tabTo("Reboot");
      await keyboard.press("Enter");
      const dialog = page.getByRole("dialog", { name: "Reboot server-0008" });
      await dialog.waitFor();
      await tabTo("Cancel");
      await keyboard.press("Enter");
      await dialog.waitFor({ state: "detached" });
      assert.equal(await focused(), "Reboot");
      // The skip link is the first thing of a page.
      await page.reload();
      await page.getByRole("heading", { name: "server-0008", level: 1 }).waitFor();
      await keyboard.press("Tab");
      assert.equal(await focused(), "Skip to the content");
      await keyboard.press("Enter");
      assert.equal(await page.evaluate(() => document.activeElement?.id), "content");
    },
  );
});
