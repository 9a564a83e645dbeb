import { after } from "node:test";
import { isRunName } from "../runs.ts";
import { scenariosOf } from "./scenarios/index.ts";
import { makeWorld } from "./world.ts";

// Runs in Dom0, under node:test, with the name of the run as its argument.

const name = process.argv[2] ?? "";
if (!isRunName(name)) throw new Error(`No run is named "${name}"`);
const world = await makeWorld(name);
for (const scenario of scenariosOf[name]) scenario(world);
after(() => world.close());
