import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Operation } from "@nova-agent/host";
import { assertAccessible } from "../src/accessible.ts";
import { startCloud } from "../src/cloud.ts";
import { PROJECT } from "../src/fill-cloud.ts";
import { assertFits } from "../src/layout.ts";
import { panelSuite } from "../src/panel-suite.ts";

const SERVERS = 30;

const start = {
  start: (cleanup: Parameters<typeof startCloud>[0]) => startCloud(cleanup, { servers: SERVERS }),
};

/** One that has ended by now. */
function passwordOperation({ instanceId, state, tookMs }: OwnFacts): Operation {
  const updatedAt = new Date();
  return {
    id: randomUUID(),
    instanceId,
    kind: "password",
    requestId: `req-${randomUUID()}`,
    userId: "demo",
    projectId: PROJECT.id,
    state,
    attempts: 1,
    createdAt: new Date(updatedAt.getTime() - tookMs),
    updatedAt,
    deadlineAt: updatedAt,
    timeline: [],
    returncode: null,
    message: null,
    error: null,
  };
}

interface OwnFacts extends Pick<Operation, "instanceId" | "state"> {
  readonly tookMs: number;
}

panelSuite("The fleet", start, (panelTest) => {
  for (const colorScheme of ["light", "dark"] as const) {
    panelTest(`it shows host, servers and agents, in ${colorScheme} colours`, async (world) => {
      const { page } = await world.openWindow({ colorScheme });
      await world.signIn("demo-admin", page);
      await page.getByRole("link", { name: "Fleet" }).click();
      await page.getByText("30 servers in all projects").waitFor();
      await page.getByText("Connected", { exact: true }).waitFor();
      const byStatus = page.getByRole("table", { name: "By status" });
      assert.match(await byStatus.getByRole("row").filter({ hasText: "Off" }).innerText(), /Off\s+3/u);
      const versions = page.getByRole("table", { name: "By version" });
      assert.match(await versions.getByRole("row").filter({ hasText: "2.1.25" }).innerText(), /3\s*$/u);
      await page.getByRole("heading", { name: "Guests without an agent that answers" }).waitFor();
      await page.getByRole("link", { name: "server-0002" }).waitFor();
      await page.getByText("Nothing was asked of guests").first().waitFor();
      await assertAccessible(page);
      await assertFits(page);
    });
  }

  panelTest("it is counted anew while things change", async ({ page, panel, signIn }) => {
    await signIn("demo-admin");
    await page.getByRole("link", { name: "Fleet" }).click();
    const byStatus = page.getByRole("table", { name: "By status" });
    const off = byStatus.getByRole("row").filter({ hasText: "Off" });
    await off.waitFor();
    const id = panel.serverIds[7] ?? "";
    await panel.database.instances.update(id, { vmState: "stopped" });
    await off.getByText("4").waitFor();
    await panel.database.instances.update(id, { vmState: "active" });
  });

  panelTest("what was asked of guests is told in numbers, and how long it took", async (world) => {
    const { page, panel, signIn } = world;
    await signIn("demo-admin");
    await page.getByRole("link", { name: "Fleet" }).click();
    await page.getByText("Nothing was asked of guests").first().waitFor();
    const [instanceId = "", otherId = ""] = panel.serverIds;
    const { operations } = panel.database;
    for (const own of [
      { instanceId, state: "done", tookMs: 200 },
      { instanceId, state: "done", tookMs: 200 },
      { instanceId: otherId, state: "timedOut", tookMs: 300_000 },
      { instanceId: otherId, state: "failed", tookMs: 1_000 },
    ] as const) {
      await operations.insert(passwordOperation(own));
    }
    // A change of a server has it counted anew.
    await panel.database.instances.update(instanceId, { progress: 99 });
    const passwords = page.getByRole("row").filter({ hasText: "Set the password" });
    const kinds = page.getByRole("region", { name: /by kind/u });
    await kinds.getByText("50 %").waitFor();
    assert.match(await kinds.getByRole("row").nth(1).innerText(), /Set the password\s+2\s+1\s+1\s+50 %/u);
    await page.getByText("2 were done and 2 failed").waitFor();
    await page.getByText("The same as a table").click();
    await page.getByRole("columnheader", { name: "Hour" }).waitFor();
    assert.match(await passwords.filter({ hasText: "5 min" }).first().innerText(), /server-0002/u);
    await assertAccessible(page);
    await assertFits(page);
    await passwords.getByRole("link", { name: "server-0002" }).first().click();
    await page.getByRole("heading", { name: "server-0002", level: 1 }).waitFor();
  });

  panelTest("it is no page for others", async ({ page, panel, signIn }) => {
    await signIn("demo");
    assert.equal(await page.getByRole("link", { name: "Fleet" }).count(), 0);
    await page.goto(`${panel.url}/fleet`);
    await page.getByRole("heading", { name: "There is no such page" }).waitFor();
  });
});
