import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type Cleanup, waitFor } from "@nova-agent/testbed";
import type { Page } from "playwright-core";
import { assertAccessible } from "../src/accessible.ts";
import { type Cloud, startCloud } from "../src/cloud.ts";
import { assertFits } from "../src/layout.ts";
import { panelSuite } from "../src/panel-suite.ts";

/** One of each kind that `fillCloud` makes. */
const SERVERS = 10;

/** Which of them is which. */
const [SILENT, AGENTLESS, BUILDING, WELL, STOPPED] = [1, 2, 4, 8, 10];

/** More than are told of one server. */
const ACTIONS = 120;
const TOLD = 100;

function section(page: Page, name: string) {
  return page.getByRole("region", { name, exact: true });
}

async function open(
  page: Page,
  {
    panel,
    number,
    tab = "overview",
  }: { readonly panel: Cloud; readonly number: number; readonly tab?: string },
): Promise<void> {
  await page.goto(`${panel.url}/servers/${panel.serverIds[number - 1] ?? ""}/${tab}`);
  await page.getByRole("heading", { level: 2 }).first().waitFor();
}

// Where nobody runs, there is nothing to show, and that has to be told as well.
panelSuite(
  "Servers whose guests tell nothing",
  { start: (cleanup: Cleanup) => startCloud(cleanup, { servers: SERVERS }) },
  (panelTest) => {
    for (const [what, number, why, remedy] of [
      ["is stopped", STOPPED, "The server is off", "Start it"],
      ["runs", WELL, "xe-daemon, its guest tools, is not installed or does not run", "Go to the Agent tab"],
      ["is being built", BUILDING, "The server is being built: its guest", "it appears here by itself"],
    ] as const) {
      panelTest(`of one that ${what} it is said why, and what to do`, async ({ panel, page, signIn }) => {
        await signIn("demo");
        await open(page, { panel, number });
        const told = section(page, "What the guest tells");
        await told.getByText("The guest has told nothing").waitFor();
        await told.getByText(why).waitFor();
        await told.getByText(remedy).waitFor();
        await assertAccessible(page);
      });
    }

    panelTest("the steps of a build are shown as long as it goes on", async ({ panel, page, signIn }) => {
      await signIn("demo");
      await open(page, { panel, number: BUILDING });
      await section(page, "Build").waitFor();
      const id = panel.serverIds[BUILDING - 1] ?? "";
      await panel.database.instances.update(id, { vmState: "active", taskState: null });
      await section(page, "Build").waitFor({ state: "detached" });
    });

    panelTest("a console that nobody keeps is told as one", async ({ panel, page, signIn }) => {
      await signIn("demo");
      await open(page, { panel, number: WELL });
      await page.getByText("Show what the guest wrote to its console").click();
      await page.getByText("Nobody keeps the console of this guest").waitFor();
      await assertAccessible(page);
    });

    panelTest("a silent agent is told with the reason, and steps that are open", async (world) => {
      const { panel, page, signIn } = world;
      await signIn("demo");
      await open(page, { panel, number: SILENT, tab: "agent" });
      await page.getByText("The agent has not answered since").first().waitFor();
      const advice = section(page, "When the agent does not answer");
      await advice.getByText("1. Is the agent running?").waitFor();
      await advice.getByText("The guest has not told what it runs.").waitFor();
      await assertAccessible(page);
      await assertFits(page);
      // It answers again, and what is not needed any more is folded.
      const id = panel.serverIds[SILENT - 1] ?? "";
      await panel.database.instances.update(id, { agentSilentSince: null, agentSeenAt: new Date() });
      await section(page, "Agent").getByText("Answers").waitFor();
      await advice.getByText("1. Is the agent running?").waitFor({ state: "detached" });
    });

    panelTest("a guest without an agent is told as one, and cannot be asked", async (world) => {
      const { panel, page, signIn } = world;
      await signIn("demo");
      await open(page, { panel, number: AGENTLESS, tab: "agent" });
      await section(page, "Agent").getByText("No agent").waitFor();
      await section(page, "Doctor").getByRole("button", { name: "Examine" }).click();
      await page.getByText("The guest has no agent to ask").waitFor();
      await section(page, "Requests and replies").getByText("has not been asked anything yet").waitFor();
    });

    panelTest("a long list of actions is accessible, fits, and is filtered at once", async (world) => {
      const { panel, page, signIn } = world;
      const instanceId = panel.serverIds[WELL - 1] ?? "";
      const { actions } = panel.database;
      for (let number = 0; number < ACTIONS; number += 1) {
        const requestId = `req-${randomUUID()}`;
        const requester = {
          userId: "demo",
          projectId: "panel-project",
          roles: ["member" as const],
          requestId,
        };
        await actions.begin(requester, { instanceId, action: "reboot" });
        await actions.beginEvent(requestId, "reboot");
        await actions.end(requestId, number % 10 === 0 ? "The guest did not reboot" : null);
      }
      await signIn("demo");
      await open(page, { panel, number: WELL, tab: "activity" });
      const entries = section(page, "Activity").locator(".entry");
      await waitFor(async () => (await entries.count()) === TOLD, { what: "list" });
      await assertFits(page);
      await page.getByLabel("Show", { exact: true }).selectOption("Failed");
      await waitFor(async () => (await entries.count()) === TOLD / 10, { what: "filtered list" });
      await entries.first().getByText("The guest did not reboot").waitFor();
      await assertAccessible(page);
      await page.getByLabel("Show", { exact: true }).selectOption("Going on");
      await page.getByText("There is none of these.").waitFor();
      assert.equal(await entries.count(), 0);
    });
  },
);
