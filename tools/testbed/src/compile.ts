import { mkdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { COMPILE_TIMEOUT_MS } from "./limits.ts";
import { runChecked } from "./process.ts";
import { cachedFolder, cacheKey } from "./repository.ts";

/** One C source and what the compiler is told beside it. */
export interface CProgram {
  readonly source: string;
  /** File name of the result. */
  readonly output: string;
  readonly flags: readonly string[];
}

/** Compiles on first use and again when the source or the flags change; returns the path of the result. */
export async function compileC(program: CProgram): Promise<string> {
  const { source, output, flags } = program;
  const key = cacheKey(basename(output), process.arch, await readFile(source, "utf8"), ...flags);
  const folder = await cachedFolder(join("compiled", key), async (folder) => {
    const target = join(folder, output);
    await mkdir(dirname(target), { recursive: true });
    await runChecked({
      argv: ["cc", "-O2", "-Wall", "-o", target, source, ...flags],
      timeoutMs: COMPILE_TIMEOUT_MS,
    });
  });
  return join(folder, output);
}
