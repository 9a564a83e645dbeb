import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isRootPassword } from "@nova-agent/testbed";
import type { Page } from "playwright-core";
import { assertAccessible } from "../src/accessible.ts";
import { holdAgent, releaseAgent } from "../src/guest-agent.ts";
import { assertFits } from "../src/layout.ts";
import { demoPanel, panelSuite } from "../src/panel-suite.ts";
import { openServerTab, textsOf } from "../src/server-page.ts";
import { signIn as signInTo } from "../src/sign-in.ts";

const MADE = /^[2-9A-HJ-NP-Za-kmnp-z]{24}$/u;

/** What is shown once. */
function shown(page: Page, title: string) {
  return page.getByRole("group", { name: title });
}

async function resetPassword(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Reset password" }).click();
}

/** Begins a reset with a password that the panel makes, and resolves to it. */
async function makePassword(page: Page): Promise<string> {
  await resetPassword(page);
  return (await shown(page, "The new password").locator("code").innerText()).trim();
}

panelSuite(
  "Access to a server",
  { needs: ["namespaces", "ip"], start: demoPanel("namespaces") },
  (panelTest) => {
    panelTest(
      "a password that the panel made is the guest's, and goes once somebody has it",
      async (world) => {
        const { page, panel, signIn } = world;
        await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
        await signIn("demo");
        await openServerTab(page, "access");
        const password = await makePassword(page);
        assert.match(password, MADE);
        assert.ok(await isRootPassword(panel.demo.tree, password));
        await page.getByRole("listitem").getByText("Done: the guest has it").waitFor();
        const group = shown(page, "The new password");
        await assertAccessible(page);
        await assertFits(page);
        await group.getByRole("button", { name: "Copy password" }).click();
        await group.getByText("Copied").waitFor();
        assert.equal(await page.evaluate(() => navigator.clipboard.readText()), password);
        await group.getByRole("button", { name: "I have it" }).click();
        await page.getByText("The password is not shown any more").waitFor();
        assert.ok(!(await textsOf(page)).includes(password));
      },
    );

    panelTest("a password that is shown goes when its page is left", async ({ page, signIn }) => {
      await signIn("demo");
      await openServerTab(page, "access");
      const password = await makePassword(page);
      await page.getByRole("link", { name: "Rescue", exact: true }).click();
      await page.getByRole("heading", { name: "Enter rescue mode" }).waitFor();
      assert.ok(!(await textsOf(page)).includes(password));
      await page.goBack();
      await page.getByRole("heading", { name: "Reset password" }).waitFor();
      assert.ok(!(await textsOf(page)).includes(password));
    });

    panelTest("a password that is typed is judged in words, and set as it is", async (world) => {
      const { page, panel, signIn } = world;
      await signIn("demo");
      await openServerTab(page, "access");
      await page.getByLabel("Type one").check();
      const field = page.getByLabel("New password", { exact: true });
      await resetPassword(page);
      await page.getByRole("alert").getByText("Type a password").waitFor();
      await field.fill("Demo2026!");
      await page.getByText("Strength: very weak").waitFor();
      await page.getByText("It holds a name that everybody sees").waitFor();
      await assertAccessible(page);
      const password = 'Of ann\'s: k7fQ "2w" ü';
      await field.fill(password);
      await page.getByText("Strength: strong").waitFor();
      await page.getByRole("button", { name: "Show password" }).click();
      assert.equal(await field.getAttribute("type"), "text");
      await resetPassword(page);
      await page.getByText("The guest has the password that you typed").waitFor();
      assert.ok(await isRootPassword(panel.demo.tree, password));
      assert.ok(!(await textsOf(page)).includes("k7fQ"));
    });

    panelTest("a password is typed and set by keyboard alone", async ({ page, panel, signIn }) => {
      await signIn("demo");
      await openServerTab(page, "access");
      await page.getByLabel("Make a strong one").focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Tab");
      await page.keyboard.type("By keyboard: 7 x 6");
      await page.keyboard.press("Enter");
      await page.getByText("The guest has the password that you typed").waitFor();
      assert.ok(await isRootPassword(panel.demo.tree, "By keyboard: 7 x 6"));
    });

    panelTest("two people see how far a password is while its guest is busy", async (world) => {
      const { page, panel, signIn, openWindow } = world;
      await signIn("demo");
      await openServerTab(page, "access");
      const other = (await openWindow({ colorScheme: "dark" })).page;
      const name = "demo-reader";
      await signInTo(other, { url: panel.url, name, password: await panel.passwordOf(name) });
      await openServerTab(other, "access");
      const button = other.getByRole("button", { name: "Reset password" });
      assert.match(await button.innerText(), /only lets you look/);
      await holdAgent(panel.demo);
      try {
        await resetPassword(page);
        for (const window of [page, other]) {
          await window.getByRole("heading", { name: "The password is being set" }).waitFor();
          const steps = window.getByRole("list", { name: "Way of the password" }).getByRole("listitem");
          await steps.nth(1).getByText(": goes on").waitFor({ state: "attached" });
          await steps.nth(4).getByText(": waits").waitFor({ state: "attached" });
        }
        await assertAccessible(page);
        await assertAccessible(other);
      } finally {
        await releaseAgent(panel.demo);
      }
      await other.getByText("Done: by demo").waitFor();
      const password = await shown(page, "The new password").locator("code").innerText();
      assert.ok(await isRootPassword(panel.demo.tree, password));
      assert.ok(!(await textsOf(other)).includes(password));
    });

    panelTest("a guest that refuses is quoted, with the ways out", async ({ page, panel, signIn }) => {
      const passwd = join(panel.demo.tree, "etc/passwd");
      const text = await readFile(passwd, "utf8");
      await signIn("demo");
      await openServerTab(page, "access");
      await writeFile(passwd, text.replace(/^root:/mu, "toor:"));
      try {
        await resetPassword(page);
        await page.getByText("What you can do").waitFor();
      } finally {
        await writeFile(passwd, text);
      }
      const steps = page.getByRole("list", { name: "Way of the password" });
      await steps.getByText(/: failed/).waitFor({ state: "attached" });
      assert.match(await steps.innerText(), /root/);
      assert.equal(await shown(page, "The new password").count(), 0);
      assert.equal(await shown(page, "This password may be set").count(), 0);
      await assertAccessible(page);
      await assertFits(page);
      await page.getByRole("link", { name: "go to Rescue" }).click();
      await page.getByRole("heading", { name: "Enter rescue mode" }).waitFor();
    });

    panelTest("a password whose fate nobody knows is shown as such", async (world) => {
      const { page, panel, signIn, watched } = world;
      watched.expect(/net::ERR_CONNECTION/);
      await signIn("demo");
      const id = await openServerTab(page, "access");
      await page.route(`**/servers/${id}/action`, async (route) => {
        await route.fetch();
        await route.abort("connectionreset");
      });
      await resetPassword(page);
      const group = shown(page, "This password may be set");
      const password = await group.locator("code").innerText();
      assert.ok(await isRootPassword(panel.demo.tree, password));
      await group.getByRole("button", { name: "I have it" }).click();
      assert.ok(!(await textsOf(page)).includes(password));
      await page.unrouteAll({ behavior: "ignoreErrors" });
    });

    panelTest("a key pair is created, kept as a file, and deleted", async ({ page, signIn }) => {
      await signIn("demo");
      await openServerTab(page, "access");
      await page.getByRole("button", { name: "Create a key pair" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("button", { name: "Create" }).click();
      await dialog.getByText("Type a name").waitFor();
      await assertAccessible(page);
      await dialog.getByLabel("Name").fill("laptop of ann");
      await dialog.getByRole("button", { name: "Create" }).click();
      const group = shown(page, "The private key of laptop of ann");
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        group.getByRole("button", { name: "Download" }).click(),
      ]);
      assert.equal(file.suggestedFilename(), "laptop-of-ann.pem");
      const key = await readFile(await file.path(), "utf8");
      assert.match(key, /^-----BEGIN RSA PRIVATE KEY-----\n/);
      await assertAccessible(page);
      await assertFits(page);
      await group.getByRole("button", { name: "I have it" }).click();
      assert.ok(!(await textsOf(page)).includes("PRIVATE KEY"));
      await page.getByRole("button", { name: "Delete laptop of ann" }).click();
      await dialog.getByRole("button", { name: "Delete" }).click();
      await page.getByText("You have no key pairs").waitFor();
    });

    panelTest("a public key is imported, and a private one is refused before it is sent", async (world) => {
      const { page, signIn } = world;
      await signIn("demo");
      await openServerTab(page, "access");
      await page.getByRole("button", { name: "Import a public key" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Name").fill("imported");
      await dialog.getByLabel("Public key", { exact: true }).fill("-----BEGIN OPENSSH PRIVATE KEY-----");
      await dialog.getByText("This is the private half").waitFor();
      const blob = "AAAAC3NzaC1lZDI1NTE5AAAAIBmTZlqTSPw0Yf1ZtcuSb0dQ0N4Yt0vCzVvGmBQ8hqfX";
      await dialog.getByLabel("Public key", { exact: true }).fill(`ssh-ed25519 ${blob} ann`);
      await dialog.getByRole("button", { name: "Import" }).click();
      const item = page.getByRole("list", { name: "Your key pairs" }).getByRole("listitem");
      await item.getByText("Ed25519").waitFor();
      await page.getByRole("button", { name: "Delete imported" }).click();
      await dialog.getByRole("button", { name: "Delete" }).click();
      await page.getByText("You have no key pairs").waitFor();
    });

    panelTest("registration says why it is not offered, and takes a key where it is", async (world) => {
      const { page, signIn } = world;
      await signIn("demo");
      const id = await openServerTab(page, "access");
      await page.getByText("the image debian is not of Windows").waitFor();
      // As a guest with a program for it would have it.
      await page.route(`**/guests/v1/servers/${id}`, async (route) => {
        const response = await route.fetch();
        const { server } = (await response.json()) as { server: { actions: object } };
        await route.fulfill({
          response,
          json: { server: { ...server, actions: { ...server.actions, registerRedHat: null } } },
        });
      });
      await page.reload();
      const section = page.getByRole("region", { name: "Red Hat registration" });
      await section.getByRole("button", { name: "Register" }).click();
      await section.getByText("Type the key").waitFor();
      await section.getByLabel("Activation key", { exact: true }).fill("a key of ours");
      await section.getByLabel("Servers").fill("rhn.example.com");
      await assertAccessible(page);
      await assertFits(page);
      const [request] = await Promise.all([
        page.waitForRequest(`**/servers/${id}/action`),
        section.getByRole("button", { name: "Register" }).click(),
      ]);
      assert.deepEqual(request.postDataJSON(), {
        registerRedHat: { activation_key: "a key of ours", profile: "demo", domains: ["rhn.example.com"] },
      });
      await section.getByText("The server was not registered").waitFor();
      await section
        .getByText(/it finds no program for it in the guest/)
        .first()
        .waitFor();
      // And as it would answer.
      await page.route(`**/servers/${id}/action`, (route) => route.fulfill({ status: 202 }));
      await section.getByRole("button", { name: "Register" }).click();
      await section.getByText("The server is registered").waitFor();
      assert.ok(!(await textsOf(page)).includes("a key of ours"));
      await page.unrouteAll({ behavior: "ignoreErrors" });
    });
  },
);
