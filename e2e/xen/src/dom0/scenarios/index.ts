import type { World } from "../world.ts";
import { commands } from "./commands.ts";
import { record } from "./record.ts";
import { startUp } from "./start-up.ts";

/** Registers the tests of one subject; they run in order, and each finds the guest as the last left it. */
export type Scenario = (world: World) => void;

/** All scenarios, in the order in which they run. */
export const scenarios: readonly Scenario[] = [startUp, commands, record];
