import { after } from "node:test";
import { scenarios } from "./scenarios/index.ts";
import { makeWorld } from "./world.ts";

// Runs in Dom0, under node:test: main.js c|ox

const server = process.argv[2];
if (server !== "c" && server !== "ox") throw new Error(`No xenstored server is named "${server}"`);
const world = await makeWorld(server);
for (const scenario of scenarios) scenario(world);
after(() => world.close());
