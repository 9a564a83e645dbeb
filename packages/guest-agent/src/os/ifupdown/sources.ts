import { parseInterfaces } from "./interfaces-file.ts";

/** Where the configuration begins. */
export const INTERFACES_PATH = "/etc/network/interfaces";

/** Where Debian's own file sources more from; files that are sourced from elsewhere are not looked at. */
export const INTERFACES_DIRECTORY = "/etc/network/interfaces.d/";

/** One file of the configuration. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** The files that ifup reads, the first one first (interfaces(5), "INCLUDING OTHER FILES"). */
export function sourceFiles(files: ReadonlyMap<string, string>): SourceFile[] {
  const text = files.get(INTERFACES_PATH) ?? "";
  const patterns = parseInterfaces(text).flatMap(({ keyword, words }) => {
    if (keyword === "source") return words.map((word) => globPattern(absolute(word)));
    return keyword === "source-directory" ? words.map((word) => directoryPattern(absolute(word))) : [];
  });
  const sourced = [...files].filter(([path]) => patterns.some((pattern) => pattern.test(path)));
  return [{ path: INTERFACES_PATH, text }, ...sourced.map(([path, text]) => ({ path, text }))];
}

function absolute(path: string): string {
  return path.startsWith("/") ? path : `/etc/network/${path}`;
}

/** A shell's pattern; of wordexp(3)'s characters `*` and `?` are the ones in use. */
function globPattern(glob: string): RegExp {
  const pattern = glob.replaceAll(/[\\^$.|+(){}[\]]/g, "\\$&");
  return new RegExp(`^${pattern.replaceAll("*", "[^/]*").replaceAll("?", "[^/]")}$`);
}

function directoryPattern(directory: string): RegExp {
  return new RegExp(`${globPattern(directory.replace(/\/+$/, "")).source.slice(0, -1)}/[a-zA-Z0-9_-]+$`);
}
