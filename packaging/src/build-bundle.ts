import { copyFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PACKAGED_PANEL } from "@nova-agent/panel";
import { buildPanel, repositoryPanel } from "@nova-agent/panel/build";
import { build } from "esbuild";
import { repositoryRoot } from "@nova-agent/testbed";
import { renderLicenses } from "./licenses.ts";

const PROGRAM = "nova-control.mjs";

/** What PGlite reads from beside the module that it is in: PostgreSQL as WebAssembly, and its files. */
const pgliteFiles = ["pglite.wasm", "pglite.data", "initdb.wasm"] as const;

/** What the service runs from, its program first. */
export const bundleFiles = [PROGRAM, ...pgliteFiles] as const;

/** What allows the packages that are in the bundle to be passed on. */
export const LICENSES = "third-party-licenses";

/** The oldest Node that the bundle runs on, as `engines` of the packages has it. */
const OLDEST_NODE = "20.19";

/**
 * Puts the control service with all packages that it uses into a folder: one module, which needs Node and no
 * node_modules, the files that it reads, the panel, and the licenses. The bytes depend on the sources alone.
 */
export async function buildBundle(folder: string): Promise<void> {
  const root = repositoryRoot();
  const { metafile } = await build({
    entryPoints: [join(root, "packages/control/dist/src/service-main.js")],
    outfile: join(folder, PROGRAM),
    bundle: true,
    format: "esm",
    platform: "node",
    target: `node${OLDEST_NODE}`,
    // An accelerator that pg uses where somebody has installed it.
    external: ["pg-native"],
    // Their texts are in a file of their own.
    legalComments: "none",
    banner: { js: renderBanner() },
    metafile: true,
    logLevel: "silent",
    // Paths in comments begin here.
    absWorkingDir: root,
  });
  const pglite = dirname(
    createRequire(join(root, "packages/host/package.json")).resolve("@electric-sql/pglite"),
  );
  for (const name of pgliteFiles) copyFileSync(join(pglite, name), join(folder, name));
  const panelModules = await buildPanel({ ...repositoryPanel, output: join(folder, PACKAGED_PANEL) });
  const modules = [...Object.keys(metafile.inputs), ...panelModules];
  writeFileSync(join(folder, LICENSES), renderLicenses(modules, root));
}

/** Packages of the CommonJS kind call `require`; and Node that is too old is told before it meets what it lacks. */
function renderBanner(): string {
  const [major, minor] = OLDEST_NODE.split(".");
  return `#!/usr/bin/env node
import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
{
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < ${major} || (major === ${major} && minor < ${minor})) {
    console.error(\`Error: Node \${process.versions.node} is too old: nova-control needs Node ${OLDEST_NODE} or later\`);
    process.exit(78);
  }
}`;
}
