import assert from "node:assert/strict";
import { assertAccessible } from "../src/accessible.ts";
import { startCloud } from "../src/cloud.ts";
import { assertFits } from "../src/layout.ts";
import { panelSuite } from "../src/panel-suite.ts";

const SERVERS = 1000;

const start = {
  start: (cleanup: Parameters<typeof startCloud>[0]) => startCloud(cleanup, { servers: SERVERS }),
};

panelSuite("A list of 1,000 servers", start, (panelTest) => {
  panelTest("it is accessible, and fits", async ({ page, signIn }) => {
    await signIn("demo");
    await page.getByText("server-0001").first().waitFor();
    await assertFits(page);
    // Looks at each of them, which takes it a minute on a busy machine.
    await assertAccessible(page);
  });

  panelTest("what is typed into its search is found", async ({ page, signIn }) => {
    await signIn("demo");
    await page.getByRole("searchbox").fill("server-0777");
    await page.getByText("server-0777").first().waitFor();
    await page.getByText("server-0001").first().waitFor({ state: "hidden" });
  });

  panelTest(
    "a change is seen by two people, without anything that they do",
    async ({ panel, page, ...world }) => {
      await world.signIn("demo");
      const other = await world.openWindow();
      await world.signIn("demo-reader", other.page);
      for (const shown of [page, other.page]) await shown.getByText("server-0001").first().waitFor();
      const [id = ""] = panel.serverIds;
      await panel.database.instances.update(id, { name: "renamed" });
      for (const shown of [page, other.page]) {
        await shown.getByText("renamed").first().waitFor();
        assert.equal(await shown.getByText("server-0001").count(), 0);
      }
    },
  );
});
