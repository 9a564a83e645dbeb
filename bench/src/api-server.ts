// The API as a process of its own: reads {"place": DatabasePlace, "guests": N} from its standard input, says
// {"url", "token", "ids"} in one line when it answers, and ends at SIGTERM.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createApi, serve } from "@nova-agent/api";
import { Closers } from "@nova-agent/control";
import { nodeClock } from "@nova-agent/xenstore/node";
import type { ApiTask, ApiReady } from "./api.ts";
import { quiet, startControlSide } from "./control-side.ts";

const closers = new Closers();
const task = JSON.parse(readFileSync(0, "utf8")) as ApiTask;
const { instanceIds, token, ...host } = await startControlSide(task, closers);
const common = { now: () => new Date(), newId: randomUUID, clock: nodeClock, log: quiet };
const api = createApi({ ...host, ...common });
const server = await serve({ api, port: 0, hasDemoCredentials: true });
closers.add(() => server.close());
process.once("SIGTERM", () => void closers.close());
const ready: ApiReady = { url: server.url, token, ids: instanceIds };
process.stdout.write(`${JSON.stringify(ready)}\n`);
