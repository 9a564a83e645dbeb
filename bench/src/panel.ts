import { join } from "node:path";
import { Closers } from "@nova-agent/control";
import { findUnmetNeeds, openChromium, repositoryRoot, startProcess, waitFor } from "@nova-agent/testbed";
import type { Page } from "playwright-core";
import { median, quantile, showFigure, tableRow } from "./figures.ts";
import { type PanelCloud, readFirstPage, renameServer, requestToken } from "./panel-http.ts";
import { timeList, timeRename, timeSearch, watchPaints } from "./panel-times.ts";

const SERVERS = 1000;
const ROUNDS = 15;
const START_TIMEOUT_MS = 120_000;
const CLOUD = join(repositoryRoot(), "e2e/panel/dist/src/cloud-main.js");

/**
 * Measures the panel in Chromium with a project of 1,000 servers: what is loaded before the first page, the time
 * from going there to the list's paint, from a key in its search to the paint of what is found, and from a
 * request that renames a server, by somebody else, to the paint of the new name.
 */
export async function benchPanel({ isQuick }: { readonly isQuick: boolean }): Promise<void> {
  const servers = isQuick ? SERVERS / 5 : SERVERS;
  console.log(`\nPanel, ${servers} servers in the project (milliseconds until it is painted)\n`);
  const unmet = await findUnmetNeeds(["chromium"]);
  if (unmet.length > 0) return console.log(`Left out: it needs ${unmet.join(", ")}`);
  const closers = new Closers();
  try {
    const cloud = await startCloud(servers, closers);
    const browser = await openChromium();
    closers.add(() => browser.close());
    const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
    await watchPaints(page);
    await signIn(page, cloud);
    const rounds = isQuick ? 2 : ROUNDS;
    console.log(tableRow("", "median", "p95"));
    report("list of all", await repeat(rounds, () => timeList(page, { url: cloud.url, servers })));
    report("a key in the search", (await repeat(rounds, () => timeSearch(page))).flat());
    const token = await requestToken(cloud);
    const rename = (name: string) => renameServer(cloud, { token, name });
    report("a change by somebody else", await repeat(rounds, (round) => timeRename(page, { round, rename })));
    const { files, bytes } = await readFirstPage(cloud.url);
    console.log(`\nFirst page: ${files} files, ${bytes.toLocaleString("en")} bytes (brotli)`);
  } finally {
    await closers.close();
  }
}

async function startCloud(servers: number, closers: Closers): Promise<PanelCloud> {
  const cloud = startProcess({ argv: [process.execPath, CLOUD, String(servers)] });
  closers.add(() => cloud.stop());
  await waitFor(() => cloud.stdout().endsWith("\n") || !cloud.isRunning(), {
    what: "cloud",
    timeoutMs: START_TIMEOUT_MS,
  });
  if (!cloud.isRunning()) throw new Error(`The cloud has ended: ${cloud.stderr()}`);
  return JSON.parse(cloud.stdout()) as PanelCloud;
}

async function signIn(page: Page, { url, password }: PanelCloud): Promise<void> {
  await page.goto(url);
  await page.getByLabel("User", { exact: true }).fill("demo");
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("searchbox").waitFor();
}

/** The first round only warms up. */
async function repeat<Result>(
  rounds: number,
  measure: (round: number) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const result = await measure(round);
    if (round > 0) results.push(result);
  }
  return results;
}

function report(what: string, timesMs: readonly number[]): void {
  console.log(tableRow(what, showFigure(median(timesMs)), showFigure(quantile(timesMs, 0.95))));
}
