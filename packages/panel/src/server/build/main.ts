// Builds the panel into dist/public, unless exactly these sources are there already.
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PanelError } from "../errors.ts";
import { fingerprint } from "./fingerprint.ts";
import { repositoryPanel } from "./repository-panel.ts";

const { sources, compiled, output } = repositoryPanel;
const stamp = join(output, "../public.sha256");
const own = dirname(fileURLToPath(import.meta.url));

async function main(): Promise<void> {
  const state = await fingerprint({
    // Which packages are installed.
    files: [fileURLToPath(new URL("../../../../../../package-lock.json", import.meta.url))],
    folders: [own, compiled, sources],
    endings: [".js", ".css", ".html", ".svg"],
  });
  const isThere = existsSync(join(output, "index.html"));
  if (isThere && (await readFile(stamp, "utf8").catch(() => "")) === state) return;
  // It takes longer to load than to see that it is not needed.
  const { buildPanel } = await import("./build-panel.ts");
  await buildPanel(repositoryPanel);
  await writeFile(stamp, state);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof PanelError ? error.message : error);
  process.exitCode = 1;
}
