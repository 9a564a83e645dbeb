import { globPattern } from "../../glob.ts";
import { parseInterfaces } from "./interfaces-file.ts";

/** Where the configuration begins. */
export const INTERFACES_PATH = "/etc/network/interfaces";

/** One file of the configuration. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/**
 * The files that ifup reads, the first one first, as far as they have been read (interfaces(5),
 * "INCLUDING OTHER FILES"). Patterns are followed in the last part of a path.
 */
export function sourceFiles(files: ReadonlyMap<string, string>): SourceFile[] {
  const found = new Map([[INTERFACES_PATH, files.get(INTERFACES_PATH) ?? ""]]);
  // A map that grows while it is gone through: what a sourced file sources comes up as well.
  for (const [path, text] of found) {
    const patterns = sourcedBy({ path, text }).map(sourcePattern);
    for (const [other, otherText] of files) {
      if (patterns.some((pattern) => pattern.test(other))) found.set(other, otherText);
    }
  }
  return [...found].map(([path, text]) => ({ path, text }));
}

/** What these files source: paths, patterns, and directories, which end in `/`. */
export function sourcedPaths(files: ReadonlyMap<string, string>): string[] {
  return sourceFiles(files).flatMap(sourcedBy);
}

/** Whether a file of this path might be read as configuration; of a directory not all files are, by all programs. */
export function mayBeSourced(path: string, files: ReadonlyMap<string, string>): boolean {
  return sourcedPaths(files).some((sourced) =>
    sourced.endsWith("/") ? path.startsWith(sourced) : globPattern(sourced).test(path),
  );
}

/** Relative paths begin in the directory of the file that has them. */
function sourcedBy({ path, text }: SourceFile): string[] {
  const directory = path.slice(0, path.lastIndexOf("/") + 1);
  const absolute = (word: string) => (word.startsWith("/") ? word : directory + word);
  return parseInterfaces(text).flatMap(({ keyword, words }) => {
    if (keyword === "source") return words.map(absolute);
    if (!keyword.startsWith("source-dir")) return [];
    return words.map((word) => `${absolute(word).replace(/\/+$/, "")}/`);
  });
}

function sourcePattern(sourced: string): RegExp {
  if (!sourced.endsWith("/")) return globPattern(sourced);
  return new RegExp(`${globPattern(sourced).source.slice(0, -1)}[a-zA-Z0-9_-]+$`);
}
