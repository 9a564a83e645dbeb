import assert from "node:assert/strict";
import { rename } from "node:fs/promises";
import { inGuest, type RunningDemo, waitFor } from "@nova-agent/testbed";
import type { Page } from "playwright-core";
import { assertAccessible } from "../src/accessible.ts";
import { openApi } from "../src/api-caller.ts";
import { holdAgent, releaseAgent } from "../src/guest-agent.ts";
import { assertFits } from "../src/layout.ts";
import { demoPanel, panelSuite } from "../src/panel-suite.ts";
import { openServerTab } from "../src/server-page.ts";

interface Link {
  readonly addr_info: readonly { readonly local: string }[];
}

/** Every address that the guest's own kernel has. */
async function addressesIn(demo: RunningDemo): Promise<readonly string[]> {
  const links = JSON.parse(await inGuest(demo, ["ip", "-j", "address"])) as readonly Link[];
  return links.flatMap(({ addr_info: infos }) => infos.map(({ local }) => local));
}

function dialog(page: Page) {
  return page.getByRole("dialog");
}

function changes(page: Page) {
  return dialog(page).getByRole("list", { name: "What changes in the networks of the guest" });
}

function card(page: Page, index: number) {
  return page.getByRole("region", { name: new RegExp(`^Card ${index}:`) });
}

/** Asks what attaching a network would change. */
async function lookAt(page: Page, network: string, address = ""): Promise<void> {
  await dialog(page).getByLabel("Network", { exact: true }).selectOption({ label: network });
  await dialog(page).getByLabel("Address (if it matters)").fill(address);
  await dialog(page).getByRole("button", { name: "Show what will change" }).click();
}

/** The address that the dialog proposes. */
async function proposed(page: Page): Promise<string> {
  const text = await dialog(page)
    .getByText(/gets the address/)
    .innerText();
  return /address (\S+)\.$/.exec(text)?.[1] ?? "";
}

async function attachTo(page: Page, network: string): Promise<string> {
  await page.getByRole("button", { name: "Attach a network" }).click();
  await lookAt(page, network);
  const address = await proposed(page);
  await dialog(page).getByRole("button", { name: "Attach", exact: true }).click();
  await dialog(page).waitFor({ state: "hidden" });
  return address;
}

async function detach(page: Page, index: number): Promise<void> {
  await card(page, index)
    .getByRole("button", { name: /^Detach/ })
    .click();
  await changes(page).waitFor();
  await dialog(page).getByRole("button", { name: "Detach", exact: true }).click();
  await dialog(page).waitFor({ state: "hidden" });
}

panelSuite(
  "Networks of a server",
  { needs: ["namespaces", "ip"], start: demoPanel("namespaces") },
  (panelTest) => {
    panelTest("what is wanted stands beside what the guest has, for readers as well", async (world) => {
      const { page, signIn } = world;
      await signIn("demo-reader");
      await openServerTab(page, "networks");
      await card(page, 0).getByText("As wanted").waitFor();
      await card(page, 1).getByText("10.208.227.239", { exact: true }).waitFor();
      const attach = page.getByRole("button", { name: /^Attach a network/ });
      assert.equal(await attach.getAttribute("aria-disabled"), "true");
      assert.notEqual(await attach.getAttribute("title"), null);
      await assertAccessible(page);
      await assertFits(page);
      await page.emulateMedia({ colorScheme: "dark" });
      await assertAccessible(page);
    });

    panelTest("a network that is attached is the guest's, and gone when it is detached", async (world) => {
      const { page, panel, signIn, openWindow } = world;
      await signIn("demo");
      await openServerTab(page, "networks");
      const other = await openWindow();
      await signIn("demo-reader", other.page);
      await openServerTab(other.page, "networks");

      await page.getByRole("button", { name: "Attach a network" }).click();
      await lookAt(page, "private");
      const address = await proposed(page);
      await changes(page).getByText("Added").first().waitFor();
      assert.match(await changes(page).innerText(), new RegExp(`\\+ +address ${address}/19`));
      assert.ok(
        !(await addressesIn(panel.demo)).includes(address),
        "It was attached before it was confirmed",
      );
      await assertAccessible(page);
      await assertFits(page);
      await dialog(page).getByRole("button", { name: "Attach", exact: true }).click();
      await page.getByText(`The server is in private with the address ${address}.`).waitFor();
      assert.ok((await addressesIn(panel.demo)).includes(address));
      for (const shown of [page, other.page]) await card(shown, 2).getByText("As wanted").waitFor();

      await card(page, 2)
        .getByRole("button", { name: /^Detach/ })
        .click();
      await changes(page).getByText("Removed").first().waitFor();
      assert.match(await changes(page).innerText(), new RegExp(`- +address ${address}/19`));
      await dialog(page).getByRole("button", { name: "Detach", exact: true }).click();
      await page.getByText("The server is no longer in private.").waitFor();
      assert.ok(!(await addressesIn(panel.demo)).includes(address));
      for (const shown of [page, other.page]) await card(shown, 2).waitFor({ state: "hidden" });
    });

    panelTest(
      "the card of the default route is taken away by nobody who has not typed the name",
      async (world) => {
        const { page, signIn } = world;
        await signIn("demo");
        await openServerTab(page, "networks");
        await card(page, 0)
          .getByRole("button", { name: /^Detach/ })
          .click();
        await changes(page).waitFor();
        const confirm = dialog(page).getByRole("button", { name: /^Detach/ });
        assert.equal(await confirm.getAttribute("aria-disabled"), "true");
        await dialog(page).getByText("default route leads through it").waitFor();
        await dialog(page).getByLabel("Type demo to confirm").fill("demo");
        assert.equal(await confirm.getAttribute("aria-disabled"), "false");
        await page.keyboard.press("Escape");
        await dialog(page).waitFor({ state: "hidden" });
        await card(page, 0).waitFor();
      },
    );

    panelTest("an address that cannot be had is refused before anything changes", async (world) => {
      const { page, panel, signIn } = world;
      await signIn("demo");
      await openServerTab(page, "networks");
      const before = await addressesIn(panel.demo);
      await page.getByRole("button", { name: "Attach a network" }).click();
      await lookAt(page, "private", "203.0.113.77");
      await dialog(page).getByText("Not in 10.208.224.0/19").waitFor();
      await lookAt(page, "private", "10.208.227.239");
      await dialog(page).getByText("Address 10.208.227.239 of network private is in use").waitFor();
      await assertAccessible(page);
      assert.deepEqual(await addressesIn(panel.demo), before);
    });

    panelTest(
      "an address that somebody else is given meanwhile is said, and another one shown",
      async (world) => {
        const { page, panel, signIn } = world;
        await signIn("demo");
        await openServerTab(page, "networks");
        await page.getByRole("button", { name: "Attach a network" }).click();
        await lookAt(page, "private");
        const first = await proposed(page);
        const api = await openApi({ url: panel.url, name: "demo", password: await panel.passwordOf("demo") });
        const networkId = await page.evaluate(async () => {
          const answer = await fetch("/network/v2.0/networks?name=private");
          const { networks } = (await answer.json()) as {
            readonly networks: readonly { readonly id: string }[];
          };
          return networks[0]?.id;
        });
        const port = { network_id: networkId, fixed_ips: [{ ip_address: first }] };
        await api("POST", "/network/v2.0/ports", { port });
        await dialog(page).getByRole("button", { name: "Attach", exact: true }).click();
        await dialog(page).getByText("Somebody was quicker").waitFor();
        const second = await waitFor(
          async () => {
            const address = await proposed(page);
            return address !== first && address;
          },
          { what: "other address" },
        );
        await dialog(page).getByRole("button", { name: "Attach", exact: true }).click();
        await page.getByText(`The server is in private with the address ${second}.`).waitFor();
        assert.ok((await addressesIn(panel.demo)).includes(second));
        await detach(page, 2);
      },
    );

    panelTest("what the guest refuses is told in its words, and taken back", async (world) => {
      const { page, panel, signIn } = world;
      await signIn("demo");
      await openServerTab(page, "networks");
      // Without it the guest's agent does not know what keeps its network.
      const file = `${panel.demo.tree}/etc/network/interfaces`;
      await rename(file, `${file}.kept`);
      let address: string;
      try {
        await page.getByRole("button", { name: "Attach a network" }).click();
        await lookAt(page, "private");
        address = await proposed(page);
        await dialog(page).getByRole("button", { name: "Attach", exact: true }).click();
        const failure = dialog(page).getByRole("alert");
        await failure.getByText("private was not attached").waitFor();
        await failure.getByText("Couldn't figure out what keeps the network of this guest").waitFor();
        await assertAccessible(page);
      } finally {
        await rename(`${file}.kept`, file);
      }
      await dialog(page).getByRole("button", { name: "Cancel" }).click();
      await card(page, 2).waitFor({ state: "hidden" });
      assert.ok(!(await addressesIn(panel.demo)).includes(address));
    });

    panelTest(
      "networks that are applied are followed by everybody, with how far the guest is",
      async (world) => {
        const { page, panel, signIn, openWindow } = world;
        await signIn("demo");
        await openServerTab(page, "networks");
        const other = await openWindow();
        await signIn("demo-reader", other.page);
        await openServerTab(other.page, "networks");
        await holdAgent(panel.demo);
        try {
          await page.getByRole("button", { name: "Apply network" }).click();
          const steps = other.page.getByRole("list", { name: 'Steps of "Apply network"' });
          await steps.getByText("Sent to the guest").waitFor();
          await other.page.getByText("Apply network goes on, begun by demo.").waitFor();
          await assertAccessible(other.page);
        } finally {
          await releaseAgent(panel.demo);
        }
        await page.getByText("The guest has applied its networks.").waitFor();
        await other.page.getByText("Apply network goes on").waitFor({ state: "hidden" });
      },
    );

    panelTest("an address more is the guest's, and gone when it is removed", async (world) => {
      const { page, panel, signIn } = world;
      await signIn("demo");
      await openServerTab(page, "networks");
      const before = await addressesIn(panel.demo);
      await card(page, 1)
        .getByRole("button", { name: /^Add an address/ })
        .click();
      await dialog(page).getByRole("button", { name: "Add an address" }).click();
      await page.getByText("One more address of private was added.").waitFor();
      const [added, ...more] = (await addressesIn(panel.demo)).filter((each) => !before.includes(each));
      assert.match(added ?? "", /^10\.208\./);
      assert.deepEqual(more, []);
      await card(page, 1)
        .getByRole("button", { name: `Remove ${added}` })
        .click();
      await dialog(page).getByRole("button", { name: "Remove", exact: true }).click();
      await page.getByText(`${added} was removed.`).waitFor();
      assert.deepEqual(await addressesIn(panel.demo), before);
    });

    panelTest("a second network of the same guest and a third are told apart", async (world) => {
      const { page, panel, signIn } = world;
      await signIn("demo");
      await openServerTab(page, "networks");
      const addresses = [await attachTo(page, "private"), await attachTo(page, "private")];
      const present = await addressesIn(panel.demo);
      for (const address of addresses) assert.ok(present.includes(address), `No ${address} in the guest`);
      await card(page, 3).waitFor();
      await detach(page, 3);
      await detach(page, 2);
      const left = await addressesIn(panel.demo);
      for (const address of addresses) assert.ok(!left.includes(address), `${address} is still in the guest`);
    });
  },
);
