/** One change to a file of the engine. */
interface EnginePatch {
  readonly source: string;
  /** Stands in the file exactly once. */
  readonly text: string;
  readonly replacement: string;
}

/** What is changed in the engine before it is compiled, and why. */
export const enginePatches: readonly EnginePatch[] = [
  {
    // Half-filled arenas of 31 sizes are most of what is allocated and not used: smaller ones save 45 KB
    // in the resident agent. With musl's own words in front this size fits the allocator's next one.
    source: "quickjs.c",
    text: "#define JS_ARENA_SIZE              4096\n",
    replacement: "#define JS_ARENA_SIZE              2016\n",
  },
];

/** The file's text as it is compiled. Throws when a change does not fit this release of the engine. */
export function patchEngine(source: string, text: string): string {
  let patched = text;
  for (const patch of enginePatches) {
    if (patch.source !== source) continue;
    if (patched.split(patch.text).length !== 2) {
      throw new Error(`A change to ${source} does not fit this release of the engine: ${patch.text.trim()}`);
    }
    patched = patched.replace(patch.text, patch.replacement);
  }
  return patched;
}
