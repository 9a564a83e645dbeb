import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuiltModule, buildProgram } from "./program.ts";
import type { Toolchain } from "./toolchain.ts";

const repository = fileURLToPath(new URL("../../../../../", import.meta.url));

/** The static executables of this repository: the first module of each, as the TypeScript compiler leaves it. */
const entries = {
  "nova-agent": "packages/guest-agent/dist/src/hosts/quickjs/main.js",
  guestctl: "packages/cli/dist/src/hosts/quickjs/main.js",
} as const;

/** Name of a static executable. A new one is a row in `entries`. */
export type StaticProgram = keyof typeof entries;

/** A static executable that was built. */
export interface BuiltProgram {
  readonly path: string;
  readonly modules: readonly BuiltModule[];
}

/** Builds a static executable from what was compiled of its TypeScript; quick when its engine was before. */
export async function buildStatic(name: StaticProgram, toolchain: Toolchain): Promise<BuiltProgram> {
  const path = join(repository, ".cache/static", toolchain.architecture, name);
  const entry = join(repository, entries[name]);
  const modules = await buildProgram({
    entry,
    output: path,
    cache: join(repository, ".cache/engines"),
    toolchain,
  });
  return { path, modules };
}
