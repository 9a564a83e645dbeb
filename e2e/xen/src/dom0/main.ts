import { after } from "node:test";
import { isRunName, type RunName, runs } from "../runs.ts";
import { openDiskHost } from "./disk-host.ts";
import { scenariosOf, scenariosOnDisks } from "./scenarios/index.ts";
import { makeWorld } from "./world.ts";

// Runs in Dom0, under node:test, with the name of the run as its argument.

const name = process.argv[2] ?? "";
if (!isRunName(name)) throw new Error(`No run is named "${name}"`);
const world = await register(name);
after(() => world.close());

async function register(run: RunName): Promise<{ close(): Promise<void> }> {
  if (run === "toolstack") {
    const host = await openDiskHost();
    for (const scenario of scenariosOnDisks) scenario(host);
    return host;
  }
  const guests = await makeWorld(runs[run].server, runs[run].guest);
  for (const scenario of scenariosOf[run]) scenario(guests);
  return guests;
}
