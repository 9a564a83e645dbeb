import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { enginePatches, patchEngine } from "./engine-patches.ts";
import { runTool } from "./run-tool.ts";
import type { Toolchain } from "./toolchain.ts";

/** The engine's files that programs need; the event loop of its library is not among them. */
const engineSources = ["quickjs.c", "libregexp.c", "libunicode.c", "dtoa.c"] as const;

/** The host around it. */
const hostSources = ["host.c", "system-calls.c"] as const;

const strict = ["-Wall", "-Wextra", "-Werror"];

/** Where quickjs-ng is, as the lock file pins it. */
export function engineDirectory(): string {
  const manifest = createRequire(import.meta.url).resolve("@scriptc/runtime/package.json");
  return join(dirname(manifest), "vendor/quickjs-ng");
}

/** Where the host's C is. */
export const nativeDirectory = fileURLToPath(new URL("../../../native", import.meta.url));

/** The engine and its host, compiled. */
export interface Engine {
  readonly objects: readonly string[];
  /** Program that turns a module into bytecode. */
  readonly bytecodeCompiler: string;
}

/** Compiles the engine for a toolchain, or finds what was compiled of the same sources before. */
export async function buildEngine(
  toolchain: Toolchain,
  { cache, hostToolchain = toolchain }: { readonly cache: string; readonly hostToolchain?: Toolchain },
): Promise<Engine> {
  const [objects, compiler] = await Promise.all([
    cached(cache, keyOf(toolchain, hostSources), (folder) => compileObjects(toolchain, folder)),
    cached(cache, keyOf(hostToolchain, ["compile.c"]), (folder) => linkCompiler(hostToolchain, folder)),
  ]);
  const names = [...engineSources, ...hostSources].map((source) => join(objects, objectOf(source)));
  return { objects: names, bytecodeCompiler: join(compiler, "compile") };
}

async function compileObjects(toolchain: Toolchain, folder: string): Promise<void> {
  // The big one beside all the others.
  const compile = (source: string): Promise<void> => compileEngineFile(toolchain, { source, folder });
  const others = async (): Promise<void> => {
    for (const source of engineSources.slice(1)) await compile(source);
    for (const source of hostSources) await compileHostFile(toolchain, { source, folder });
  };
  await Promise.all([compile(engineSources[0]), others()]);
}

interface Compilation {
  readonly source: string;
  readonly folder: string;
}

/** By its name alone, so that no path of this machine gets into the object. */
function compileEngineFile(toolchain: Toolchain, { source, folder }: Compilation): Promise<void> {
  const { compiler, compileFlags } = toolchain;
  writeFileSync(
    join(folder, source),
    patchEngine(source, readFileSync(join(engineDirectory(), source), "utf8")),
  );
  const includes = ["-w", "-I", engineDirectory()];
  return runTool(compiler, [...compileFlags, ...includes, "-c", source, "-o", objectOf(source)], folder);
}

function compileHostFile(toolchain: Toolchain, { source, folder }: Compilation): Promise<void> {
  const { compiler, compileFlags } = toolchain;
  const output = join(folder, objectOf(source));
  const args = [...compileFlags, ...strict, "-isystem", engineDirectory(), "-c", source, "-o", output];
  return runTool(compiler, args, nativeDirectory);
}

async function linkCompiler(toolchain: Toolchain, folder: string): Promise<void> {
  await Promise.all([
    ...engineSources.map((source) => compileEngineFile(toolchain, { source, folder })),
    compileHostFile(toolchain, { source: "compile.c", folder }),
  ]);
  const objects = [...engineSources, "compile.c"].map(objectOf);
  const [before, behind] = toolchain.linkFlags;
  await runTool(toolchain.compiler, [...before, "-o", "compile", ...objects, ...behind], folder);
}

function objectOf(source: string): string {
  return source.replace(/\.c$/, ".o");
}

function keyOf(toolchain: Toolchain, sources: readonly string[]): string {
  const hash = createHash("sha256").update(JSON.stringify([toolchain, enginePatches]));
  for (const source of engineSources) hash.update(readFileSync(join(engineDirectory(), source)));
  for (const source of [...sources, "host.h"]) hash.update(readFileSync(join(nativeDirectory, source)));
  return `${toolchain.architecture}-${hash.digest("hex").slice(0, 16)}`;
}

/** The folder of that key, filled whole or not at all. */
async function cached(cache: string, key: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cache, key);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const unfinished = mkdtempSync(join(cache, "unfinished-"));
  try {
    await fill(unfinished);
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another build may have been quicker.
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
