import assert from "node:assert/strict";
import { waitFor } from "@nova-agent/testbed";
import type { Page } from "playwright-core";
import { assertAccessible } from "../src/accessible.ts";
import { holdAgent, releaseAgent } from "../src/guest-agent.ts";
import { assertFits } from "../src/layout.ts";
import { demoPanel, panelSuite } from "../src/panel-suite.ts";
import { openServerTab } from "../src/server-page.ts";

function section(page: Page, name: string) {
  return page.getByRole("region", { name, exact: true });
}

async function examine(page: Page): Promise<void> {
  await section(page, "Doctor").getByRole("button", { name: "Examine" }).click();
}

/** The requests of a kind in the ledger, the newest first. */
function requests(page: Page, name: string) {
  return section(page, "Requests and replies").getByRole("listitem").filter({ hasText: name });
}

panelSuite(
  "The agent of a server",
  { needs: ["namespaces", "ip"], start: demoPanel("namespaces") },
  (panelTest) => {
    panelTest("the guest's own doctor is asked, and its findings stand with the fix", async (world) => {
      const { page, signIn } = world;
      await signIn("demo");
      await openServerTab(page, "agent");
      const doctor = section(page, "Doctor");
      await doctor.getByText("All is well").waitFor();
      await examine(page);
      await doctor.getByText("The guest has examined itself").waitFor();
      // Nobody has set a password in this demo.
      const finding = doctor.getByRole("listitem").filter({ hasText: "In the guest: root-password" });
      await finding.getByText("Warning").waitFor();
      await finding.getByText("passwd root", { exact: true }).waitFor();
      await doctor.getByText(/^What is well/).click();
      await doctor.getByText("From the host: domain").waitFor();
      await assertAccessible(page);
      await assertFits(page);
    });

    panelTest("a request is shown while it goes on, with its steps, and what was replied", async (world) => {
      const { panel, page, signIn, openWindow } = world;
      const other = await openWindow();
      await signIn("demo-reader", other.page);
      await openServerTab(other.page, "agent");
      await signIn("demo");
      await openServerTab(page, "agent");
      await requests(page, "Ask for the agent's version").first().waitFor();
      const before = await requests(other.page, "Have the guest examined").count();
      await holdAgent(panel.demo);
      try {
        await examine(page);
        // Somebody else sees it without doing anything.
        const running = requests(other.page, "Have the guest examined").first();
        await running.getByText("Sent to the guest").waitFor();
        await waitFor(async () => (await requests(other.page, "Have the guest examined").count()) > before, {
          what: "request in the other window",
        });
        await running.locator("summary").first().click();
        await running.getByText(/Sending "doctor" to domain \d+/).waitFor();
        await assertAccessible(other.page);
      } finally {
        await releaseAgent(panel.demo);
      }
      const done = requests(other.page, "Have the guest examined").first();
      await done.getByText("Done", { exact: true }).first().waitFor();
      await done.getByText("What the guest replied, word for word").click();
      await done.getByLabel("Reply of the guest").getByText('"findings"').waitFor();
    });

    panelTest("who may only look cannot examine, and is told why", async ({ page, signIn }) => {
      await signIn("demo-reader");
      await openServerTab(page, "agent");
      const button = page.getByRole("button", { name: /^Examine\s*: .*only lets you look/ });
      assert.equal(await button.getAttribute("aria-disabled"), "true");
    });

    panelTest(
      "the steps to take are those of the guest's system, or of another that is chosen",
      async (world) => {
        const { page, signIn } = world;
        await signIn("demo");
        await openServerTab(page, "agent");
        const advice = section(page, "When the agent does not answer");
        await advice.getByText("Steps to take in the guest").click();
        // As the guest has told.
        await advice.getByText("systemctl restart nova-agent").waitFor();
        await advice.getByLabel("System of the guest").selectOption("FreeBSD");
        await advice.getByText("service nova-agent restart").waitFor();
        assert.equal(await advice.getByText("systemctl").count(), 0);
        await assertAccessible(page);
        await assertFits(page);
        await advice.getByRole("link", { name: "Go to the Rescue tab" }).click();
        await page.waitForURL(/\/rescue$/);
      },
    );
  },
);
