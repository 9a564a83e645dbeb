import type { Page } from "playwright-core";
import { NARROW_PX, WIDE_PX } from "./limits.ts";

const HEIGHT_PX = 800;

/** Fails when the page has to be moved sideways to be read, in the narrowest window or in the widest. */
export async function assertFits(page: Page): Promise<void> {
  const before = page.viewportSize();
  for (const width of [NARROW_PX, WIDE_PX]) {
    await page.setViewportSize({ width, height: HEIGHT_PX });
    const wide = await page.evaluate(findOverflow);
    if (wide.length > 0)
      throw new Error(`At ${width} px ${page.url()} is wider than its window:\n${wide.join("\n")}`);
  }
  if (before !== null) await page.setViewportSize(before);
}

/** In the page: what sticks out of it, unless something around it lets it be scrolled. */
function findOverflow(): readonly string[] {
  const { clientWidth, scrollWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  return [...document.body.querySelectorAll("*")]
    .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
    .map((element) => `<${element.tagName.toLowerCase()} class="${element.getAttribute("class") ?? ""}">`)
    .slice(0, 10);
}
