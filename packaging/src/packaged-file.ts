/** One entry of a package. Paths begin without a slash. */
export type PackagedFile = CopiedFile | PackagedLink;

/** A file of the repository or of the build. */
export interface CopiedFile {
  readonly kind: "file";
  readonly path: string;
  /** Where it is: an absolute path, or one below `packaging`. */
  readonly source: string;
  readonly mode: number;
  /** Whether it is the user's to change: no upgrade overwrites it. */
  readonly isConfiguration: boolean;
  /** Whether it is packed with gzip on the way. */
  readonly isCompressed: boolean;
}

/** A symbolic link. */
export interface PackagedLink {
  readonly kind: "link";
  readonly path: string;
  readonly target: string;
}

interface FileOptions {
  readonly mode?: number;
  readonly isConfiguration?: boolean;
  readonly isCompressed?: boolean;
}

/** A file that everybody may read, unless the options say something else. */
export function file(path: string, source: string, options: FileOptions = {}): PackagedFile {
  return { kind: "file", path, source, mode: 0o644, isConfiguration: false, isCompressed: false, ...options };
}

/** A link to a target as it stands in the link. */
export function link(path: string, target: string): PackagedFile {
  return { kind: "link", path, target };
}
