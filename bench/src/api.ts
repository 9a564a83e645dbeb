import { fileURLToPath } from "node:url";
import { Closers } from "@nova-agent/control";
import type { DatabasePlace } from "@nova-agent/host/database";
import { type RunningProcess, startProcess, waitFor } from "@nova-agent/testbed";
import { openDatabases } from "./databases.ts";
import { type LoadFigures, printLoad, printLoadHeading } from "./figures.ts";
import { load, type LoadRequest } from "./http-load.ts";
import { readCpuMs } from "./process-facts.ts";

/** What the API's process is told. */
export interface ApiTask {
  readonly place: DatabasePlace;
  readonly guests: number;
}

/** What it says when it answers. */
export interface ApiReady {
  readonly url: string;
  readonly token: string;
  readonly ids: readonly string[];
}

interface Subject {
  readonly title: string;
  readonly ready: ApiReady;
  readonly pid: number;
}

interface ApiTest {
  readonly title: string;
  readonly next: (ids: readonly string[], number: number) => LoadRequest;
}

const SERVERS = 1000;
const CONNECTIONS = 8;
const ROUNDS = 5;
const DURATION_MS = 2000;
const START_TIMEOUT_MS = 120_000;
const PROGRAM = fileURLToPath(new URL("./api-server.js", import.meta.url));

const get = (path: string): LoadRequest => ({ method: "GET", path: `/compute${path}`, status: 200 });
const idOf = (ids: readonly string[], number: number): string => ids[number % ids.length] ?? "";

const tests: readonly ApiTest[] = [
  { title: "versions (no database)", next: () => ({ ...get("/"), isAnonymous: true }) },
  { title: "list of all, names alone", next: () => get("/v2.1/servers") },
  { title: "list of all, with everything", next: () => get("/v2.1/servers/detail") },
  { title: "show", next: (ids, number) => get(`/v2.1/servers/${idOf(ids, number)}`) },
  {
    title: "changePassword accepted",
    next: (ids, number) => ({
      method: "POST",
      path: `/compute/v2.1/servers/${idOf(ids, number)}/action`,
      body: { changePassword: { adminPass: `correct horse ${number}` } },
      status: 202,
    }),
  },
];

/**
 * Measures the API over HTTP with a project of 1,000 servers. The API, its embedded XenStore and the embedded
 * database are one process, the guests another, which answers at once; this one asks. A password is accepted
 * when its guest has it.
 */
export async function benchApi({ isQuick }: { readonly isQuick: boolean }): Promise<void> {
  const closers = new Closers();
  const servers = isQuick ? SERVERS / 20 : SERVERS;
  try {
    const databases = await openDatabases({ after: (close) => closers.add(close) });
    const subjects: Subject[] = [];
    for (const { title, place } of databases) {
      const { pid, ready } = await startApi({ place, guests: servers }, closers);
      subjects.push({ title, pid, ready });
    }
    console.log(`\nAPI, ${servers} servers in the project, ${CONNECTIONS} connections\n`);
    printLoadHeading();
    for (const test of tests) await compare(test, subjects, isQuick);
  } finally {
    await closers.close();
  }
}

async function startApi(
  task: ApiTask,
  closers: Closers,
): Promise<{ readonly pid: number; readonly ready: ApiReady }> {
  const api: RunningProcess = startProcess({
    argv: [process.execPath, PROGRAM],
    stdin: JSON.stringify(task),
  });
  closers.add(() => api.stop());
  await waitFor(() => api.stdout().endsWith("\n") || !api.isRunning(), {
    what: "API",
    timeoutMs: START_TIMEOUT_MS,
  });
  if (!api.isRunning()) throw new Error(`The API has ended: ${api.stderr()}`);
  return { pid: api.pid, ready: JSON.parse(api.stdout()) as ApiReady };
}

async function compare(test: ApiTest, subjects: readonly Subject[], isQuick: boolean): Promise<void> {
  const rounds = subjects.map((subject) => ({ subject, results: [] as LoadFigures[] }));
  const durationMs = isQuick ? DURATION_MS / 10 : DURATION_MS;
  // The first round only lets the engine compile what is hot.
  for (let round = 0; round <= (isQuick ? 1 : ROUNDS); round += 1) {
    for (const { subject, results } of rounds) {
      const result = await measure(test, subject, durationMs);
      if (round > 0) results.push(result);
    }
  }
  for (const { subject, results } of rounds) printLoad(test.title, subject.title, results);
}

async function measure(test: ApiTest, { ready, pid }: Subject, durationMs: number): Promise<LoadFigures> {
  const cpuBefore = readCpuMs(pid);
  const next = (number: number): LoadRequest => test.next(ready.ids, number);
  const result = await load({ ...ready, connections: CONNECTIONS, durationMs, next });
  return { ...result, cpuMs: (readCpuMs(pid) - cpuBefore) / result.latenciesMs.length };
}
