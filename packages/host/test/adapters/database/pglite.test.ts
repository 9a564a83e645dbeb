import test from "node:test";
import { pgliteInMemory } from "@nova-agent/testbed";
import { checkBehaviours } from "./check-behaviours.ts";

test("the embedded database in memory keeps what it is given", async (context) => {
  await checkBehaviours(context, pgliteInMemory());
});
