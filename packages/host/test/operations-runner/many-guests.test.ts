import assert from "node:assert/strict";
import test from "node:test";
import { createRunnerWorld, request } from "../support/runner-world.ts";

/** The bench asks a thousand: here each costs the test more than the host. */
const GUESTS = 300;

const uuidOf = (domid: number): string => `ec2f3f0c-0000-4000-8000-${String(domid).padStart(12, "0")}`;

test(`${GUESTS} guests are asked side by side, and each answer is that of its guest`, async (context) => {
  const { world, runner, operations } = await createRunnerWorld(context);
  const domids = Array.from({ length: GUESTS }, (_, index) => 100 + index);
  for (const domid of domids) await world.addDomain({ domid, name: `web-${domid}`, uuid: uuidOf(domid) });
  const running = domids.map((domid) =>
    runner.run({ ...request({ kind: "features" }), instanceId: uuidOf(domid) }),
  );
  // Nobody is answered before all have been asked.
  const asked = new Map<number, string>();
  while (asked.size < GUESTS) {
    for (const domid of domids) {
      const [id] = asked.has(domid) ? [] : await world.nodes("data/host", domid);
      if (id !== undefined) asked.set(domid, id);
    }
  }
  for (const [domid, id] of asked) await world.reply(id, `feature-${domid}`, domid);
  const messages = (await Promise.all(running)).map(({ message }) => message);
  assert.deepEqual(
    messages,
    domids.map((domid) => `feature-${domid}`),
  );
  assert.deepEqual(await operations.list({ isFinished: false }), []);
  world.assertQuiet();
});
