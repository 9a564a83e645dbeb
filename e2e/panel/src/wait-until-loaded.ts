import type { Page } from "playwright-core";
import { settle } from "./settle.ts";

/** Waits until the page shows what it is about, and nothing that still has to come. */
export async function waitUntilLoaded(page: Page): Promise<void> {
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForFunction(() => document.querySelector(".loading, [aria-busy=true]") === null);
  await settle(page);
}
