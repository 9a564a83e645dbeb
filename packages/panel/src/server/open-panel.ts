import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { PanelError } from "./errors.ts";
import { isPagePath } from "./page-paths.ts";
import { answerFile, prepareFile, type ServedFile } from "./served-file.ts";

/** The panel's files, ready to be sent. */
export interface Panel {
  /**
   * The answer to a request for one of the panel's pages or assets, and to a browser that follows a link to
   * nowhere; undefined for everything else, which is the API's.
   */
  answer(request: Request): Response | undefined;
}

/** Below it are the files whose names change with their bytes. */
const ASSETS = "/assets/";

/** Reads a folder that the build has made, all of it and once. Throws NOT_BUILT. */
export async function openPanel(directory: string): Promise<Panel> {
  const [page, assets] = await readFiles(directory);
  return { answer: (request) => answer(request, { page, assets }) };
}

interface PanelFiles {
  readonly page: ServedFile;
  /** By path. */
  readonly assets: ReadonlyMap<string, ServedFile>;
}

function answer(request: Request, { page, assets }: PanelFiles): Response | undefined {
  if (request.method !== "GET" && request.method !== "HEAD") return undefined;
  const { pathname } = new URL(request.url);
  const asset = assets.get(pathname);
  if (asset !== undefined) return answerFile(request, asset, { kind: "asset", status: 200 });
  if (isPagePath(pathname)) return answerFile(request, page, { kind: "page", status: 200 });
  // Somebody who looks at it: the page says that there is nothing. Programs are told so by the API.
  if (!pathname.startsWith(ASSETS) && wantsPage(request))
    return answerFile(request, page, { kind: "page", status: 404 });
  return undefined;
}

/** Browsers name it where somebody goes to a page (Fetch, "HTTP-redirect fetch"; RFC 9110, 12.5.1). */
function wantsPage(request: Request): boolean {
  return /(?:^|,)\s*text\/html\s*(?:[;,]|$)/i.test(request.headers.get("Accept") ?? "");
}

async function readFiles(directory: string): Promise<readonly [ServedFile, ReadonlyMap<string, ServedFile>]> {
  try {
    const read = async (name: string) => prepareFile(name, await readFile(join(directory, name)));
    const names = await readdir(join(directory, ASSETS));
    const [page, ...files] = await Promise.all([
      read("index.html"),
      ...names.toSorted().map(async (name) => [ASSETS + name, await read(join(ASSETS, name))] as const),
    ]);
    return [page, new Map(files)];
  } catch (cause) {
    if (cause instanceof PanelError) throw cause;
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new PanelError("NOT_BUILT", `Cannot read the panel's files: ${words}`, { cause });
  }
}
