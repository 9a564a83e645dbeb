import { cachePath } from "./repository.ts";

/**
 * Where a test has its database unless a directory is what it tests: in memory, loaded from an image that all
 * tests share (`openDatabase` of the host package, `images`). The first one makes the image.
 */
export function pgliteInMemory() {
  return { kind: "pglite", directory: undefined, images: cachePath("database") } as const;
}
