import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { guestctl, isRootPassword, type RunningDemo } from "@nova-agent/testbed";
import type { Page } from "playwright-core";
import { assertAccessible } from "../src/accessible.ts";
import { openApi } from "../src/api-caller.ts";
import { assertFits } from "../src/layout.ts";
import { BUILD_TIMEOUT_MS } from "../src/limits.ts";
import { demoPanel, panelSuite } from "../src/panel-suite.ts";
import { openServerTab, textsOf } from "../src/server-page.ts";

async function openForm(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Build", exact: true }).click();
  await page.getByLabel("Name", { exact: true }).waitFor();
}

async function submit(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Build the server" }).click();
}

async function shownPassword(page: Page): Promise<string> {
  const group = page.getByRole("group", { name: "The administrator's password" });
  return (await group.locator("code").innerText()).trim();
}

async function untilReady(page: Page, name: string): Promise<void> {
  await page.getByText(`${name} is ready`).waitFor({ timeout: BUILD_TIMEOUT_MS });
}

/** Where the files of the guest of a server are. */
async function treeOf(page: Page, { tree }: RunningDemo): Promise<string> {
  const href = await page.getByRole("link", { name: /^Go to / }).getAttribute("href");
  const id = href?.split("/").at(-1) ?? "";
  return join(dirname(dirname(tree)), id, "disk");
}

function fileRow(page: Page) {
  return {
    path: page.getByLabel("Path of file 1"),
    content: page.getByLabel("Content of file 1"),
  };
}

/** Presses Tab until the control has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  const focused = async () =>
    page.evaluate(() => {
      const element = document.activeElement;
      const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : undefined;
      return (label ?? element?.textContent ?? "").trim();
    });
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press("Tab");
    if ((await focused()) === name) return;
  }
  throw new Error(`Nothing called "${name}" is reached by Tab`);
}

panelSuite(
  "Building a server",
  { needs: ["namespaces", "ip"], start: demoPanel("namespaces") },
  (panelTest) => {
    panelTest("a server is built by keyboard alone, and its guest has the password", async (world) => {
      const { page, panel, signIn } = world;
      await signIn("demo");
      await tabTo(page, "Build");
      await page.keyboard.press("Enter");
      await page.getByLabel("Name", { exact: true }).waitFor();
      await tabTo(page, "Name");
      await page.keyboard.type("Web 1");
      await page.getByText("The guest will be called web-1.").waitFor();
      await tabTo(page, "Build the server");
      await page.keyboard.press("Enter");
      const password = await shownPassword(page);
      await page.getByRole("list", { name: "Steps of the build" }).waitFor();
      await assertAccessible(page);
      await assertFits(page);
      await untilReady(page, "Web 1");
      await assertAccessible(page);
      assert.ok(await isRootPassword(await treeOf(page, panel.demo), password));
      assert.match((await guestctl(panel.demo, ["version", "Web 1"])).stdout, /^\d+\.\d+\.\d+/);
      await page.getByRole("button", { name: "I have it" }).click();
      assert.ok(!(await textsOf(page)).includes(password));
      await page.getByRole("link", { name: "Go to Web 1" }).click();
      await page.getByRole("heading", { name: "Web 1", level: 1 }).waitFor();
    });

    panelTest("a server gets the metadata, the files and the address that it was to have", async (world) => {
      const { page, panel, signIn } = world;
      await signIn("demo");
      await openForm(page);
      await page.getByLabel("Name", { exact: true }).fill("filed");
      await page.getByLabel("public", { exact: false }).first().uncheck();
      await page.getByLabel("Address in private (if it matters)").fill("10.208.230.77");
      await page.getByText("More: metadata and files").click();
      await page.getByRole("button", { name: "Add an item" }).click();
      await page.getByLabel("Key 1").fill("role");
      await page.getByLabel("Value 1").fill("web");
      await page.getByRole("button", { name: "Add a file" }).click();
      await fileRow(page).path.fill("/etc/motd");
      await fileRow(page).content.fill("Grüße\n");
      await page.getByLabel("Type one").check();
      await page.getByLabel("New password", { exact: true }).fill('k7fQ "2w" ü Of ann');
      await submit(page);
      await untilReady(page, "filed");
      await page.getByText("It has the address 10.208.230.77.").waitFor();
      const tree = await treeOf(page, panel.demo);
      assert.equal(await readFile(join(tree, "etc/motd"), "utf8"), "Grüße\n");
      assert.ok(await isRootPassword(tree, 'k7fQ "2w" ü Of ann'));
      const { stdout } = await guestctl(panel.demo, ["list"]);
      assert.match(stdout, /filed/);
      await page.getByRole("link", { name: "Go to filed" }).click();
      await page.getByText("role", { exact: true }).waitFor();
    });

    panelTest(
      "what cannot be is said beside its field before anything is asked for",
      async ({ page, signIn }) => {
        await signIn("demo");
        await openForm(page);
        await submit(page);
        await page.getByRole("alert").getByText("A name is needed").waitFor();
        const name = page.getByLabel("Name", { exact: true });
        assert.equal(await name.evaluate((element) => element === document.activeElement), true);
        await name.fill(" web ");
        await page.getByText("It begins or ends with a space").waitFor();
        await name.fill("服务器");
        await page.getByText("Nothing of this name can stand in a host name").waitFor();
        await page.getByLabel("Address in public (if it matters)").fill("10.0.0.1");
        await page.getByText("Not in 203.0.113.0/24").waitFor();
        await page.getByText("More: metadata and files").click();
        await page.getByRole("button", { name: "Add a file" }).click();
        await page.getByText("A path is needed, such as /etc/motd").waitFor();
        await page.getByLabel("Type one").check();
        await submit(page);
        await page.getByRole("alert").getByText("Type a password").waitFor();
        await assertAccessible(page);
        await assertFits(page);
        await page.emulateMedia({ colorScheme: "dark" });
        await assertAccessible(page);
        await page.getByRole("link", { name: "Servers", exact: true }).click();
        assert.equal(await page.getByRole("link", { name: "服务器" }).count(), 0);
      },
    );

    panelTest(
      "an address that is taken is refused in words, and the form stays",
      async ({ page, signIn }) => {
        await signIn("demo");
        await openForm(page);
        await page.getByLabel("Name", { exact: true }).fill("late");
        await page.getByLabel("Address in private (if it matters)").fill("10.208.227.239");
        await submit(page);
        await page.getByRole("alert").getByText("The server was not built").waitFor();
        await page.getByText("Address 10.208.227.239 of network private is in use").waitFor();
        assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "late");
      },
    );

    panelTest("a build that failed names its step and what to do, and is tried again", async (world) => {
      const { page, signIn, openWindow } = world;
      await signIn("demo");
      await openForm(page);
      await page.getByLabel("Name", { exact: true }).fill("broken");
      await page.getByText("More: metadata and files").click();
      await page.getByRole("button", { name: "Add a file" }).click();
      await fileRow(page).path.fill("/etc");
      await fileRow(page).content.fill("This is a directory");
      await submit(page);
      const failure = 'The build has failed at "Write SSH key and files into it"';
      await page.getByText(failure).waitFor({ timeout: BUILD_TIMEOUT_MS });
      await page.getByText("Look at the paths of the files").waitFor();
      await page.getByText(/Cannot write "\/etc": is a directory/).waitFor();
      await assertAccessible(page);
      await assertFits(page);

      const other = await openWindow();
      await signIn("demo-reader", other.page);
      await other.page.getByRole("link", { name: "broken", exact: true }).click();
      await other.page.getByText(failure).waitFor();
      const again = other.page.getByRole("button", { name: /^Delete and try again/ });
      assert.equal(await again.getAttribute("aria-disabled"), "true");
      await assertAccessible(other.page);

      await page.getByRole("button", { name: "Delete and try again" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
      await page.getByLabel("Name", { exact: true }).waitFor();
      assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "broken");
      await page.getByText("More: metadata and files (1)").waitFor();
      await fileRow(page).path.fill("/etc/motd");
      await submit(page);
      await untilReady(page, "broken");
    });

    panelTest("a server without an agent is built in two steps, and no password is told", async (world) => {
      const { page, signIn } = world;
      await signIn("demo");
      await openForm(page);
      await page.getByLabel("Name", { exact: true }).fill("bare");
      await page.getByLabel("Image").selectOption({ label: "no-agent (no agent)" });
      await page.getByText("This image has no agent").waitFor();
      assert.equal(await page.getByLabel("Type one").count(), 0);
      await assertAccessible(page);
      await submit(page);
      await untilReady(page, "bare");
      assert.equal(await page.getByText("The administrator's password").count(), 0);
      assert.equal(
        await page.getByRole("list", { name: "Steps of the build" }).getByRole("listitem").count(),
        2,
      );
    });

    panelTest("whoever comes to a server that is being built sees its steps", async (world) => {
      const { page, panel, signIn } = world;
      await signIn("demo");
      await openServerTab(page, "overview");
      await page.getByRole("link", { name: "Servers", exact: true }).click();
      const api = await openApi({ url: panel.url, name: "demo", password: await panel.passwordOf("demo") });
      const { images } = (await api("GET", "/image/v2/images?name=debian")) as {
        readonly images: readonly { readonly id: string }[];
      };
      const server = { name: "crowd", imageRef: images[0]?.id, flavorRef: "1", min_count: 3 };
      await api("POST", "/compute/v2.1/servers", { server });
      await page.getByRole("link", { name: "crowd-3", exact: true }).click();
      const steps = page.getByRole("list", { name: "Steps of the build" });
      await steps.waitFor();
      await page.getByText("crowd-3 is being built.").waitFor();
      await steps.waitFor({ state: "hidden", timeout: BUILD_TIMEOUT_MS });
      await page.getByText("Active", { exact: true }).waitFor();
    });

    panelTest("who may only look is told so", async ({ page, signIn, panel }) => {
      await signIn("demo-reader");
      await page.goto(new URL("/build", panel.url).href);
      await page.getByText("You can look at servers, and not build any").waitFor();
      await assertAccessible(page);
    });
  },
);
