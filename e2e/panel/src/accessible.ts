import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { settle } from "./settle.ts";

/** The rules of WCAG 2.2 at A and AA, and what axe's makers hold for good practice. */
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/**
 * Fails when axe finds anything on the page as it is now.
 * The page's Content Security Policy stays in force: the debugger, not the page, brings axe in.
 */
export async function assertAccessible(page: Page): Promise<void> {
  // From its top: behind the header that stays in sight, controls would count as too small.
  await page.evaluate(() => scrollTo(0, 0));
  // What fades in has not its colours yet.
  await settle(page);
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(await axeSource());
  const results = await page.evaluate(async (tags) => {
    const { axe } = globalThis as unknown as {
      readonly axe: { run(root: Document, options: object): Promise<AxeResults> };
    };
    return axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
  }, TAGS);
  if (results.violations.length === 0) return;
  const found = results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}\n  ${html}\n  ${failureSummary ?? ""}`),
  );
  throw new Error(`axe finds at ${page.url()}:\n${found.join("\n")}`);
}

async function axeSource(): Promise<string> {
  return readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
}
