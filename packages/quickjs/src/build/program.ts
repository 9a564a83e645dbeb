import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build, type Plugin } from "esbuild";
import { buildEngine, nativeDirectory, engineDirectory } from "./engine.ts";
import { BYTES_PER_LINE } from "./limits.ts";
import { runTool } from "./run-tool.ts";
import { muslToolchain, type Toolchain } from "./toolchain.ts";

/** A program to be built. */
export interface ProgramOptions {
  /** Path of its first module, or that module's text. */
  readonly entry: string | { readonly text: string };
  /** The executable's path. */
  readonly output: string;
  /** Where compiled engines are kept. */
  readonly cache: string;
  /** For this machine when nothing is said. */
  readonly toolchain?: Toolchain;
  readonly plugins?: readonly Plugin[];
}

/** A module of a program that was built. */
export interface BuiltModule {
  readonly name: string;
  /** Bytes of the minified text. */
  readonly textBytes: number;
  /** Modules that are loaded with it, itself not among them. */
  readonly imports: readonly string[];
}

/** Bundles a program, compiles it to bytecode and links it with the engine into one static executable. */
export async function buildProgram(options: ProgramOptions): Promise<readonly BuiltModule[]> {
  const { toolchain = muslToolchain, cache, output } = options;
  const engine = await buildEngine(toolchain, { cache, hostToolchain: muslToolchain });
  const folder = mkdtempSync(join(tmpdir(), "nova-build-"));
  try {
    const modules = await bundle(options, folder);
    for (const { name } of modules) {
      await runTool(engine.bytecodeCompiler, [name, name, `${name}.bytecode`], folder);
    }
    writeFileSync(join(folder, "modules.c"), renderTable(modules, folder));
    await link(engine.objects, { toolchain, folder });
    mkdirSync(dirname(output), { recursive: true });
    // Two builds at a time take nothing from each other.
    const unfinished = `${output}.${process.pid}`;
    writeFileSync(unfinished, readFileSync(join(folder, "program")), { mode: 0o755 });
    // Whatever the umask has taken away.
    chmodSync(unfinished, 0o755);
    renameSync(unfinished, output);
    return modules;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Modules that are loaded on use become files of their own. */
async function bundle({ entry, plugins = [] }: ProgramOptions, folder: string): Promise<BuiltModule[]> {
  const { metafile } = await build({
    ...(typeof entry === "string"
      ? { entryPoints: { main: entry } }
      : { stdin: { contents: entry.text, sourcefile: "main.js", resolveDir: import.meta.dirname } }),
    entryNames: "main",
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2023",
    minify: true,
    external: ["native:os"],
    chunkNames: "[name]-[hash]",
    metafile: true,
    logLevel: "silent",
    absWorkingDir: folder,
    plugins: [...plugins],
  });
  return Object.entries(metafile.outputs).map(([name, { bytes, imports }]) => ({
    name,
    textBytes: bytes,
    imports: imports.filter(({ kind }) => kind === "import-statement").map(({ path }) => path),
  }));
}

function renderTable(modules: readonly BuiltModule[], folder: string): string {
  const arrays = modules.map(({ name }, index) => {
    const bytes = readFileSync(join(folder, `${name}.bytecode`));
    return `static const uint8_t module_${index}[] = {\n${renderBytes(bytes)}};\n`;
  });
  const rows = modules.map(
    ({ name }, index) => `    {"${name}", module_${index}, sizeof module_${index}},\n`,
  );
  const table = `const struct embedded_module embedded_modules[] = {\n${rows.join("")}    {0, 0, 0},\n};\n`;
  return `#include "host.h"\n\n${arrays.join("\n")}\n${table}`;
}

function renderBytes(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += BYTES_PER_LINE) {
    text += `${bytes.subarray(at, at + BYTES_PER_LINE).join(",")},\n`;
  }
  return text;
}

async function link(
  objects: readonly string[],
  { toolchain, folder }: { readonly toolchain: Toolchain; readonly folder: string },
): Promise<void> {
  const { compiler, compileFlags, linkFlags } = toolchain;
  const includes = ["-I", nativeDirectory, "-isystem", engineDirectory()];
  await runTool(compiler, [...compileFlags, ...includes, "-c", "modules.c", "-o", "modules.o"], folder);
  const [before, behind] = linkFlags;
  await runTool(compiler, [...before, "-o", "program", "modules.o", ...objects, ...behind], folder);
}
