import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build, type BuildFailure, type Message, type Metafile } from "esbuild";
import { PanelError } from "../errors.ts";
import { renderPage } from "./render-page.ts";

/** Where the panel is made from. */
export interface PanelSources {
  /** With the page, the styles and the icon. */
  readonly sources: string;
  /** With what the compiler made of the code. */
  readonly compiled: string;
  /** Above both; paths of modules begin here. */
  readonly root: string;
}

/** The panel, as it is served. */
export interface PanelBundle {
  readonly page: string;
  readonly assets: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  /** Paths of the modules in it, below the root. */
  readonly modules: readonly string[];
}

/** Browsers of the last two years, and of those before the ones that do. */
const TARGETS = ["chrome131", "firefox133", "safari18.2"];

/**
 * Bundles code and styles with what they import, and writes the page to match. What comes of it depends on
 * the sources alone. Throws BUILD_FAILED with the place of the fault.
 */
export async function bundlePanel({ sources, compiled, root }: PanelSources): Promise<PanelBundle> {
  try {
    const { outputFiles, metafile } = await build({
      entryPoints: [
        { in: join(compiled, "main.js"), out: "main" },
        { in: join(sources, "styles/panel.css"), out: "panel" },
        { in: join(sources, "icon.svg"), out: "icon" },
      ],
      // Nothing is written: the paths are those at which the browser asks.
      write: false,
      outdir: join(root, "assets"),
      absWorkingDir: root,
      entryNames: "[name]-[hash]",
      chunkNames: "[name]-[hash]",
      assetNames: "[name]-[hash]",
      bundle: true,
      format: "esm",
      splitting: true,
      minify: true,
      charset: "utf8",
      legalComments: "none",
      target: TARGETS,
      loader: { ".svg": "copy" },
      define: { "process.env.NODE_ENV": '"production"' },
      metafile: true,
      logLevel: "silent",
    });
    const assets = outputFiles.map(({ path, contents }) => ({
      name: path.slice(join(root, "assets").length + 1),
      bytes: contents,
    }));
    const page = renderPage(await readFile(join(sources, "index.html"), "utf8"), linksOf(metafile));
    return { page, assets, modules: Object.keys(metafile.inputs) };
  } catch (cause) {
    if (cause instanceof PanelError) throw cause;
    throw new PanelError("BUILD_FAILED", `Cannot build the panel: ${describe(cause)}`, { cause });
  }
}

/** What the page links to: the entries by their names without a hash, and what the code cannot begin without. */
function linksOf({ outputs }: Metafile): Parameters<typeof renderPage>[1] {
  const entries = new Map<string, string>();
  let preloaded: readonly string[] = [];
  for (const [path, { entryPoint }] of Object.entries(outputs)) {
    const name = /^(assets\/(?:main|panel|icon))-[A-Z0-9]{8}(\.\w+)$/.exec(path);
    if (entryPoint === undefined || name === null) continue;
    entries.set(`/${name[1]}${name[2]}`, `/${path}`);
    if (name[2] === ".js") preloaded = staticImports(path, outputs);
  }
  return { entries, preloaded: preloaded.map((path) => `/${path}`) };
}

/** Everything that a module imports at once, and what that imports. */
function staticImports(path: string, outputs: Metafile["outputs"]): readonly string[] {
  const found = new Set<string>();
  const visit = (from: string): void => {
    for (const { path: imported, kind } of outputs[from]?.imports ?? []) {
      if (kind !== "import-statement" || found.has(imported)) continue;
      found.add(imported);
      visit(imported);
    }
  };
  visit(path);
  return [...found].toSorted();
}

function describe(cause: unknown): string {
  if (isBuildFailure(cause)) return cause.errors.map(describeMessage).join("; ");
  return cause instanceof Error ? cause.message : String(cause);
}

function describeMessage({ text, location }: Message): string {
  return location === null ? text : `${location.file}:${location.line}:${location.column}: ${text}`;
}

function isBuildFailure(cause: unknown): cause is BuildFailure {
  return cause instanceof Error && Array.isArray((cause as Partial<BuildFailure>).errors);
}
