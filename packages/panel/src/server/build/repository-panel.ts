import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildPanelOptions } from "./build-panel.ts";

/** This package's folder. */
const PACKAGE = fileURLToPath(new URL("../../../..", import.meta.url));

/** Where the panel is made from, and where it goes, in this package. */
export const repositoryPanel: BuildPanelOptions = {
  sources: join(PACKAGE, "src/browser"),
  compiled: join(PACKAGE, "dist/src/browser"),
  root: join(PACKAGE, "../.."),
  output: join(PACKAGE, "dist/public"),
};
