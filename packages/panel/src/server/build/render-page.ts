import { PanelError } from "../errors.ts";

/** What a page links to, as paths of the server. */
export interface PageLinks {
  /** By the path that stands in the page's source. */
  readonly entries: ReadonlyMap<string, string>;
  /** What is asked for together with the code, not after it. */
  readonly preloaded: readonly string[];
}

const HEAD_END = "</head>";

/**
 * The page with the real paths of its assets, and with hints at what its code imports (HTML, "modulepreload").
 * Throws BUILD_FAILED where it names an asset that there is not.
 */
export function renderPage(source: string, { entries, preloaded }: PageLinks): string {
  const linked = source.replaceAll(/"(\/assets\/[^"]*)"/g, (_, path: string) => {
    const real = entries.get(path);
    if (real === undefined)
      throw new PanelError(
        "BUILD_FAILED",
        `Cannot build the panel: index.html names ${path}, which is not made`,
      );
    return `"${real}"`;
  });
  const hints = preloaded.map((path) => `<link rel="modulepreload" href="${path}" />`);
  if (!linked.includes(HEAD_END))
    throw new PanelError("BUILD_FAILED", "Cannot build the panel: index.html has no head");
  // Blanks between tags mean nothing here.
  return linked.replace(HEAD_END, `${hints.join("")}${HEAD_END}`).replaceAll(/\n\s*/g, "\n");
}
