import assert from "node:assert/strict";
import { guestFile, inGuest, type RunningDemo } from "@nova-agent/testbed";
import { XenstoreClient } from "@nova-agent/xenstore";
import { connectUnix, nodeClock } from "@nova-agent/xenstore/node";
import type { Page } from "playwright-core";
import { assertAccessible } from "../src/accessible.ts";
import { assertFits } from "../src/layout.ts";
import { demoPanel, panelSuite } from "../src/panel-suite.ts";
import { openServerTab } from "../src/server-page.ts";

/** Where the guest of the demo, the first domain, reads an item of the metadata. */
function nodeOf(key: string): string {
  return `/local/domain/1/vm-data/user-metadata/${key}`;
}

async function withXenstore<Result>(
  { socketPath }: RunningDemo,
  use: (xenstore: XenstoreClient) => Promise<Result>,
): Promise<Result> {
  const xenstore = await XenstoreClient.open({ connect: connectUnix(socketPath), clock: nodeClock });
  try {
    return await use(xenstore);
  } finally {
    await xenstore.close();
  }
}

/** What the guest's own kernel has on its cards. */
async function addressesInGuest(demo: RunningDemo): Promise<readonly string[]> {
  const links = JSON.parse(await inGuest(demo, ["ip", "-json", "address"])) as readonly {
    readonly ifname: string;
    readonly addr_info: readonly { readonly local: string; readonly scope: string }[];
  }[];
  const cards = links.filter(({ ifname }) => ifname.startsWith("eth"));
  return cards.flatMap((card) =>
    card.addr_info.filter(({ scope }) => scope === "global").map(({ local }) => local),
  );
}

function section(page: Page, name: string) {
  return page.getByRole("region", { name, exact: true });
}

async function addItem(page: Page, { key, value }: { readonly key: string; readonly value: string }) {
  await section(page, "Metadata").getByRole("button", { name: "Add an item" }).click();
  const dialog = page.getByRole("dialog", { name: "Add an item" });
  await dialog.getByLabel("Key").fill(key);
  await dialog.getByLabel("Value").fill(value);
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  return dialog;
}

panelSuite(
  "Overview of a server",
  { needs: ["namespaces", "ip"], start: demoPanel("namespaces") },
  (panelTest) => {
    panelTest("what the guest itself tells stands beside the order", async ({ panel, page, signIn }) => {
      await signIn("demo");
      await openServerTab(page, "overview");
      const told = section(page, "What the guest tells");
      const release = await guestFile(panel.demo, "/etc/os-release");
      const name = /^PRETTY_NAME="?([^"\n]*)/m.exec(release)?.[1] ?? "";
      assert.notEqual(name, "");
      await told.getByText(name, { exact: true }).waitFor();
      const addresses = await addressesInGuest(panel.demo);
      assert.ok(addresses.length > 0);
      for (const address of addresses) await told.getByText(address, { exact: true }).waitFor();
      await told.getByText(/\d+ MiB of \d+ MiB used \(\d+ %\)/).waitFor();
      await section(page, "What was ordered")
        .getByText(/^demo\.small: 1 CPU, 512 MiB memory/)
        .waitFor();
    });

    panelTest("an address is copied", async ({ page, signIn }) => {
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      await signIn("demo");
      await openServerTab(page, "overview");
      const told = section(page, "What the guest tells");
      const copy = told.getByRole("button", { name: "Copy address" }).first();
      await copy.click();
      await told.getByText("Copied").waitFor();
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      await told.getByText(copied, { exact: true }).waitFor();
    });

    panelTest("metadata that is added, changed and removed is so in XenStore", async (world) => {
      const { panel, page, signIn, openWindow } = world;
      await signIn("demo");
      await openServerTab(page, "overview");
      const other = await openWindow();
      await signIn("demo-reader", other.page);
      await openServerTab(other.page, "overview");
      const items = section(page, "Metadata");
      await addItem(page, { key: "colour", value: "blue" });
      await items.getByText("blue", { exact: true }).waitFor();
      // Whoever else looks sees it, too.
      await section(other.page, "Metadata").getByText("blue", { exact: true }).waitFor();
      await withXenstore(panel.demo, async (xenstore) => {
        assert.equal(await xenstore.readText(nodeOf("colour")), '"blue"');
        await items.getByRole("button", { name: "Change colour" }).click();
        const dialog = page.getByRole("dialog", { name: "Change colour" });
        await dialog.getByLabel("Value").fill("red");
        await dialog.getByRole("button", { name: "Change", exact: true }).click();
        await items.getByText("red", { exact: true }).waitFor();
        assert.equal(await xenstore.readText(nodeOf("colour")), '"red"');
        await items.getByRole("button", { name: "Remove colour" }).click();
        const asked = page.getByRole("dialog", { name: "Remove colour" });
        await asked.getByRole("button", { name: "Remove", exact: true }).click();
        await items.getByText("red", { exact: true }).waitFor({ state: "detached" });
        assert.equal(await xenstore.exists(nodeOf("colour")), false);
      });
    });

    panelTest("a key that cannot be is told beside its field, and nothing is sent", async (world) => {
      const { page, signIn } = world;
      await signIn("demo");
      await openServerTab(page, "overview");
      const sent: string[] = [];
      page.on("request", (request) => {
        if (request.method() !== "GET") sent.push(request.url());
      });
      const dialog = await addItem(page, { key: "pürpose", value: "x" });
      await dialog.getByText("Letters without accents", { exact: false }).waitFor();
      assert.equal(await dialog.getByLabel("Key").getAttribute("aria-invalid"), "true");
      await assertAccessible(page);
      await dialog.getByLabel("Key").fill("purpose");
      await dialog.getByText("There is an item of this key").waitFor();
      assert.deepEqual(sent, []);
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
    });

    panelTest("an item called .. is removed, and not the server", async ({ panel, page, signIn }) => {
      await signIn("demo");
      await openServerTab(page, "overview");
      await addItem(page, { key: "..", value: "upwards" });
      const items = section(page, "Metadata");
      await items.getByText("upwards", { exact: true }).waitFor();
      await items.getByRole("button", { name: "Remove ..", exact: true }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
      await items.getByText("upwards", { exact: true }).waitFor({ state: "detached" });
      await items.getByText("purpose", { exact: true }).waitFor();
      await page.getByRole("status").getByText("Active").waitFor();
      assert.match(await inGuest(panel.demo, ["hostname"]), /demo/);
    });

    panelTest("who may only look sees everything, and why nothing can be changed", async (world) => {
      const { page, signIn } = world;
      await signIn("demo-reader");
      await openServerTab(page, "overview");
      const items = section(page, "Metadata");
      await items.getByText("purpose", { exact: true }).waitFor();
      const add = items.getByRole("button", { name: /^Add an item\s*: .*only lets you look/ });
      assert.equal(await add.getAttribute("aria-disabled"), "true");
      await add.click({ force: true });
      assert.equal(await page.getByRole("dialog").count(), 0);
    });

    panelTest("the console is read when it is opened, and not before", async ({ page, signIn }) => {
      const asked: string[] = [];
      page.on("request", (request) => {
        if (request.postData()?.includes("os-getConsoleOutput") === true) asked.push(request.url());
      });
      await signIn("demo");
      await openServerTab(page, "overview");
      assert.equal(asked.length, 0);
      const shown = section(page, "Console");
      await shown.getByText("Show what the guest wrote").click();
      await shown
        .getByLabel("Console of the guest")
        .getByText("nova-agent")
        .or(shown.locator("pre"))
        .waitFor();
      assert.match(await shown.locator("pre").innerText(), /"message":"Starting"/);
      assert.equal(asked.length, 1);
    });

    for (const colorScheme of ["light", "dark"] as const) {
      panelTest(`everything opened is accessible and fits in ${colorScheme} colours`, async (world) => {
        const { signIn, openWindow } = world;
        const { page } = await openWindow({ colorScheme });
        await signIn("demo", page);
        await openServerTab(page, "overview");
        await page.getByText("XenStore nodes of domain").click();
        await page.getByText("Show what the guest wrote").click();
        await section(page, "Console").locator("pre").waitFor();
        await assertAccessible(page);
        await assertFits(page);
      });
    }
  },
);
