import assert from "node:assert/strict";
import { assertAccessible } from "../src/accessible.ts";
import { startCloud } from "../src/cloud.ts";
import { assertFits } from "../src/layout.ts";
import { panelSuite } from "../src/panel-suite.ts";
import { waitUntilLoaded } from "../src/wait-until-loaded.ts";

const SERVERS = 12;
const NO_SERVER = "00000000-0000-4000-8000-000000000000";
const tabs = ["", "/access", "/networks", "/rescue", "/agent", "/activity"] as const;

const start = {
  start: (cleanup: Parameters<typeof startCloud>[0]) => startCloud(cleanup, { servers: SERVERS }),
};

/** Every path that leads to a page, with its status; `id` is that of a server. */
function pathsOf(id: string): readonly (readonly [path: string, status: number])[] {
  return [
    ["/", 200],
    ...tabs.map((tab) => [`/servers/${id}${tab}`, 200] as const),
    ["/build", 200],
    ["/fleet", 200],
    [`/servers/${NO_SERVER}`, 200],
    ["/nowhere", 404],
    [`/servers/${id}/nowhere`, 404],
  ];
}

// A server that runs shows what one that has failed does not, and the other way round.
const looks = [
  { colorScheme: "light", what: "runs", number: 9 },
  { colorScheme: "dark", what: "has failed", number: 4 },
] as const;

panelSuite("Every page", start, (panelTest) => {
  for (const { colorScheme, what, number } of looks) {
    panelTest(
      `with a server that ${what}, is accessible and fits, in ${colorScheme} colours`,
      async (world) => {
        const { page } = await world.openWindow({ colorScheme });
        await world.signIn("demo-admin", page);
        const found: string[] = [];
        for (const [path, status] of pathsOf(world.panel.serverIds[number - 1] ?? "")) {
          const response = await page.goto(world.panel.url + path);
          assert.equal(response?.status(), status, path);
          await waitUntilLoaded(page);
          assert.match(await page.title(), /^.+ · Cloud Control Panel$/u);
          // All of them are looked at, and what is wrong is told at once.
          await assertAccessible(page).catch((error: unknown) => found.push(String(error)));
          await assertFits(page).catch((error: unknown) => found.push(String(error)));
        }
        assert.deepEqual(found, []);
      },
    );
  }
});
