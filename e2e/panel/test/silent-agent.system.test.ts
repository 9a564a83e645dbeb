import type { Page } from "playwright-core";
import { assertAccessible } from "../src/accessible.ts";
import { holdAgent, releaseAgent } from "../src/guest-agent.ts";
import { assertFits } from "../src/layout.ts";
import { demoPanel, panelSuite } from "../src/panel-suite.ts";
import { openServerTab } from "../src/server-page.ts";

/** Longer than a guest may take to answer its host: half a minute. */
const SILENCE_TIMEOUT_MS = 60_000;

function section(page: Page, name: string) {
  return page.getByRole("region", { name, exact: true });
}

async function examine(page: Page): Promise<void> {
  await section(page, "Doctor").getByRole("button", { name: "Examine" }).click();
}

// In a file of its own: what cannot be hurried is that a guest counts as silent.
panelSuite(
  "An agent that does not answer",
  { needs: ["namespaces", "ip"], start: demoPanel("namespaces") },
  (panelTest) => {
    panelTest("a guest whose agent is stopped is silent, with the reason and what to do", async (world) => {
      const { panel, signIn, openWindow } = world;
      const { page } = await openWindow({ colorScheme: "dark" });
      await signIn("demo", page);
      await openServerTab(page, "agent");
      await holdAgent(panel.demo);
      try {
        await examine(page);
        await page.getByText("The guest is asked").waitFor();
        await page.getByText("The guest did not answer").waitFor({ timeout: SILENCE_TIMEOUT_MS });
        await section(page, "Agent").getByText("Silent").waitFor();
        await page.getByText("The agent has not answered since").first().waitFor();
        // What helps is in sight by itself.
        await section(page, "When the agent does not answer").getByText("1. Is the agent running?").waitFor();
        await assertAccessible(page);
        await assertFits(page);
      } finally {
        await releaseAgent(panel.demo);
      }
      await examine(page);
      await section(page, "Agent").getByText("Answers").waitFor();
    });
  },
);
