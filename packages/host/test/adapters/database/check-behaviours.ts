import type { TestContext } from "node:test";
import { type DatabasePlace, openDatabase } from "../../../src/adapters/database/index.ts";
import { type Behaviour, at } from "./behaviour.ts";
import { actionBehaviours } from "./behaviours/actions.ts";
import { historyBehaviours } from "./behaviours/history.ts";
import { identityBehaviours } from "./behaviours/identity.ts";
import { instanceBehaviours } from "./behaviours/instances.ts";
import { inventoryBehaviours } from "./behaviours/inventory.ts";
import { operationBehaviours } from "./behaviours/operations.ts";
import { overviewBehaviours } from "./behaviours/overview.ts";

const behaviours: readonly Behaviour[] = [
  ...instanceBehaviours,
  ...operationBehaviours,
  ...actionBehaviours,
  ...historyBehaviours,
  ...inventoryBehaviours,
  ...identityBehaviours,
  ...overviewBehaviours,
];

/** Checks one after the other, each as a test of its own, on one database, which is closed at the end. */
export async function checkBehaviours(context: TestContext, place: DatabasePlace): Promise<void> {
  let time = at(0);
  const database = await openDatabase({ ...place, now: () => time });
  context.after(() => database.close());
  const setTime = (changed: Date) => {
    time = changed;
  };
  for (const [index, { name, check }] of behaviours.entries()) {
    setTime(at(0));
    await context.test(name, () => check({ database, mine: `test${index + 100}`, setTime }));
  }
}
