import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { guestFile, waitFor } from "@nova-agent/testbed";
import type { Page } from "playwright-core";
import { assertAccessible } from "../src/accessible.ts";
import { type ApiCaller, openApi } from "../src/api-caller.ts";
import { demoPanel, panelSuite } from "../src/panel-suite.ts";

interface Report {
  readonly report: { readonly domid: number | null };
}

interface Servers {
  readonly servers: readonly Named[];
}

/** The domains of all servers, by their names. */
async function domids(api: ApiCaller): Promise<ReadonlyMap<string, number | null>> {
  const { servers } = (await api("GET", "/guests/v1/servers")) as Servers;
  const found = servers.map(async ({ id, name }) => {
    const { report } = (await api("GET", `/guests/v1/servers/${id}/report`)) as Report;
    return [name, report.domid] as const;
  });
  return new Map(await Promise.all(found));
}

/** Builds another server beside the demo's own, and waits until its agent answers. */
async function buildSecond(page: Page, api: ApiCaller): Promise<void> {
  const idOf = async (path: string, name: string): Promise<string | undefined> => {
    const [list = []] = Object.values((await api("GET", path)) as Readonly<Record<string, readonly Named[]>>);
    return list.find((one) => one.name === name)?.id;
  };
  const uuid = await idOf("/network/v2.0/networks", "private");
  const imageRef = await idOf("/image/v2/images", "debian");
  const flavorRef = await idOf("/compute/v2.1/flavors", "demo.small");
  const server = { name: "second", imageRef, flavorRef, networks: [{ uuid }] };
  await api("POST", "/compute/v2.1/servers", { server });
  await row(page, "second").getByText("Active").waitFor({ timeout: 60_000 });
}

interface Named {
  readonly id: string;
  readonly name: string;
}

function row(page: Page, name: string) {
  return page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
}

/** Does something with all servers that are listed, and waits until each has been asked. */
async function doWithAll(page: Page, action: string): Promise<void> {
  await page.getByLabel("Select all that are shown").check();
  await page.getByText("2 selected").waitFor();
  await page.getByRole("button", { name: action, exact: true }).click();
  const dialog = page.getByRole("dialog", { name: `${action}: 2 servers` });
  await assertAccessible(page);
  await dialog.getByRole("button", { name: `${action} 2 servers` }).click();
  await dialog.getByText("Done. What goes on in them shows in the list.").waitFor();
  await assertAccessible(page);
  await dialog.getByRole("button", { name: "Close" }).click();
}

panelSuite(
  "Several servers at once",
  { needs: ["namespaces", "ip"], start: demoPanel("namespaces") },
  (panelTest) => {
    panelTest("they apply their networks and reboot, and another person sees it", async (world) => {
      const { page, panel, signIn, openWindow } = world;
      const { demo } = panel;
      const password = await panel.passwordOf("demo");
      const api = await openApi({ url: panel.url, name: "demo", password });
      const other = await openWindow();
      await signIn("demo");
      await signIn("demo-reader", other.page);
      await buildSecond(page, api);
      await row(other.page, "second").waitFor();

      const name = await guestFile(demo, "/etc/hostname");
      await writeFile(join(demo.tree, "etc/hostname"), "not-its-name\n");
      await doWithAll(page, "Apply network");
      assert.equal(await guestFile(demo, "/etc/hostname"), name);

      const before = await domids(api);
      const seen = row(other.page, "second").getByText("Rebooting").waitFor();
      await doWithAll(page, "Reboot");
      await seen;
      await waitFor(
        async () => {
          const now = await domids(api);
          return [...now].every(([own, domid]) => domid !== null && domid !== before.get(own));
        },
        { what: "servers in new domains", timeoutMs: 60_000 },
      );
      for (const shown of [page, other.page]) {
        for (const own of before.keys()) await row(shown, own).getByText("Active").waitFor();
      }
    });
  },
);
