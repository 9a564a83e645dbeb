import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { assertAccessible } from "../src/accessible.ts";
import { startCloud } from "../src/cloud.ts";
import { panelSuite, type ServedPanel } from "../src/panel-suite.ts";
import { fillIn } from "../src/sign-in.ts";

const SERVERS = 12;
const SESSION_COOKIE = "nova-session";
/** What Chromium says of requests that do not get through. */
const NO_NETWORK = /net::ERR_(?:INTERNET_DISCONNECTED|FAILED|NETWORK_CHANGED)/;

const start = {
  start: (cleanup: Parameters<typeof startCloud>[0]) => startCloud(cleanup, { servers: SERVERS }),
};

/** Ends the session of a page, as another tab or an administrator does. */
async function revokeSession(page: Page, { url }: ServedPanel): Promise<void> {
  const cookies = await page.context().cookies();
  const token = cookies.find(({ name }) => name === SESSION_COOKIE)?.value ?? "";
  const answer = await fetch(`${url}/session`, { method: "DELETE", headers: { "X-Auth-Token": token } });
  assert.equal(answer.status, 204);
}

function signInForm(page: Page) {
  return page.getByRole("button", { name: "Sign in" });
}

panelSuite("A session", start, (panelTest) => {
  panelTest(
    "it goes on after a reload, and ends with signing out, with all that was shown",
    async (world) => {
      const { page, panel, signIn } = world;
      await signIn("demo");
      await page.getByRole("searchbox").fill("server-0003");
      await page.getByRole("link", { name: "server-0003" }).click();
      await page.getByRole("heading", { name: "server-0003", level: 1 }).waitFor();
      await page.reload();
      await page.getByRole("heading", { name: "server-0003", level: 1 }).waitFor();
      await page.getByRole("button", { name: "Sign out" }).click();
      await signInForm(page).waitFor();
      assert.equal(new URL(page.url()).pathname, "/");
      assert.equal(await page.title(), "Sign in · Cloud Control Panel");
      assert.ok(!(await page.content()).includes("server-0003"));
      const cookies = await page.context().cookies();
      assert.ok(!cookies.some(({ name, value }) => name === SESSION_COOKIE && value !== ""));
      await page.goBack();
      await signInForm(page).waitFor();
      // Whoever comes next does not see what the one before has looked for.
      await page.goto(panel.url);
      await fillIn(page, { name: "demo-reader", password: await panel.passwordOf("demo-reader") });
      await page.getByRole("link", { name: "server-0001" }).waitFor();
      assert.equal(await page.getByRole("searchbox").inputValue(), "");
    },
  );

  panelTest("signing out ends the stream of changes", async ({ page, signIn }) => {
    const ended: string[] = [];
    page.on("requestfinished", (request) => ended.push(new URL(request.url()).pathname));
    page.on("requestfailed", (request) => ended.push(new URL(request.url()).pathname));
    await signIn("demo");
    await page.getByText("Live", { exact: true }).waitFor();
    const end = page.waitForEvent("requestfailed", (request) => request.url().endsWith("/guests/v1/events"));
    await page.getByRole("button", { name: "Sign out" }).click();
    await signInForm(page).waitFor();
    await end;
    assert.ok(ended.includes("/guests/v1/events"));
  });

  panelTest("one that is over is told, and one goes on where one was", async (world) => {
    const { page, panel, signIn } = world;
    await signIn("demo");
    await page.getByRole("link", { name: "server-0002" }).click();
    await page.getByRole("link", { name: "Agent", exact: true }).click();
    await page.waitForURL(/\/agent$/u);
    await revokeSession(page, panel);
    await page.getByRole("button", { name: "Rename" }).click();
    await page.getByLabel("New name").fill("renamed");
    await page.getByRole("dialog").getByRole("button", { name: "Rename" }).click();
    await page.getByText("Your session is over").waitFor();
    await assertAccessible(page);
    await fillIn(page, { name: "demo", password: await panel.passwordOf("demo") });
    await page.getByRole("heading", { name: "server-0002", level: 1 }).waitFor();
    assert.match(page.url(), /\/agent$/u);
  });

  panelTest("another user who has signed in in another tab is noticed", async (world) => {
    const { page, panel, signIn } = world;
    await signIn("demo");
    await page.getByRole("link", { name: "Build a server" }).waitFor();
    const other = await page.context().newPage();
    // The tabs share their cookie.
    await other.goto(panel.url);
    await other.getByRole("button", { name: "Sign out" }).click();
    await fillIn(other, { name: "demo-reader", password: await panel.passwordOf("demo-reader") });
    await other.getByRole("button", { name: "Sign out" }).waitFor();
    await page.bringToFront();
    await page.evaluate(() => window.dispatchEvent(new Event("focus")));
    await page.getByText("signed in as demo-reader").waitFor();
    await page.getByRole("link", { name: "Build a server" }).waitFor({ state: "detached" });
    await assertAccessible(page);
    await page.getByRole("button", { name: "I have read it" }).click();
    await page.getByText("signed in as demo-reader").waitFor({ state: "detached" });
  });

  panelTest("whoever may only look sees everything, and changes nothing", async ({ page, signIn }) => {
    await signIn("demo-reader");
    await page.getByRole("link", { name: "server-0001" }).waitFor();
    assert.equal(await page.getByRole("link", { name: "Build" }).count(), 0);
    assert.equal(await page.getByRole("checkbox").count(), 0);
    await page.getByRole("link", { name: "server-0001" }).click();
    const actions = page.getByRole("group", { name: "Actions" }).getByRole("button");
    await actions.first().waitFor();
    for (const action of await actions.all()) {
      assert.equal(await action.getAttribute("aria-disabled"), "true");
      assert.notEqual(await action.getAttribute("title"), null);
    }
    await actions.first().click({ force: true });
    assert.equal(await page.getByRole("dialog").count(), 0);
  });

  panelTest("a service that does not answer is told, and asked again", async (world) => {
    const { page, watched, panel, signIn } = world;
    watched.expect(NO_NETWORK);
    await signIn("demo");
    await page.route("**/session", (route) => route.abort());
    await page.goto(panel.url);
    await page.getByText("The panel cannot ask its service").waitFor();
    await assertAccessible(page);
    await page.unroute("**/session");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("link", { name: "server-0001" }).waitFor();
  });

  panelTest("a lost connection is told, mended by itself, and everything is read anew", async (world) => {
    const { page, watched, panel, signIn } = world;
    watched.expect(NO_NETWORK);
    await signIn("demo");
    await page.getByText("Live", { exact: true }).waitFor();
    await page.context().setOffline(true);
    await page.getByText("The connection to the service is lost").waitFor();
    await assertAccessible(page);
    const id = panel.serverIds.at(-1) ?? "";
    const before = await panel.database.instances.find(id);
    await panel.database.instances.update(id, { name: "changed-meanwhile" });
    await page.context().setOffline(false);
    await page.getByText("Live", { exact: true }).waitFor();
    await page.getByRole("link", { name: "changed-meanwhile" }).waitFor();
    assert.equal(await page.getByText("The connection to the service is lost").count(), 0);
    await panel.database.instances.update(id, { name: before?.name ?? "" });
  });

  panelTest("a server that cannot be read is told, and what was typed in its page stays", async (world) => {
    const { page, watched, panel, signIn } = world;
    watched.expect(NO_NETWORK);
    await signIn("demo");
    const name = "server-0008";
    const readings = "**/guests/v1/servers/*";
    await page.route(readings, (route) => route.abort());
    await page.getByRole("link", { name }).click();
    await page.getByText("The server could not be loaded").waitFor();
    await assertAccessible(page);
    await page.unroute(readings);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { name, level: 1 }).waitFor();
    await page.getByRole("button", { name: "Rename" }).click();
    await page.getByLabel("New name").fill("half-typed");
    await page.route(readings, (route) => route.abort());
    await panel.database.instances.update(panel.serverIds[7] ?? "", { progress: 99 });
    await page.getByText("The server could not be loaded").waitFor();
    assert.equal(await page.getByLabel("New name").inputValue(), "half-typed");
    await page.unroute(readings);
  });

  panelTest("a part of the panel that does not come is told", async ({ page, watched, signIn }) => {
    watched.expect(NO_NETWORK);
    await signIn("demo");
    const part = "**/assets/server-page-*.js";
    await page.route(part, (route) => route.abort());
    await page.getByRole("link", { name: "server-0008" }).click();
    await page.getByText("The server could not be loaded").waitFor();
    await assertAccessible(page);
    await page.unroute(part);
    await page.getByRole("button", { name: "Load the panel anew" }).click();
    await page.getByRole("heading", { name: "server-0008", level: 1 }).waitFor();
  });

  panelTest("what could not be signed out goes on, and that is said", async ({ page, watched, signIn }) => {
    watched.expect(NO_NETWORK);
    await signIn("demo");
    await page.route("**/session", (route) => route.abort());
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByText("You are still signed in").waitFor();
  });
});
