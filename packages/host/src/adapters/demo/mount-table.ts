/** One mount as /proc/<pid>/mountinfo shows it (proc_pid_mountinfo(5)). */
export interface Mount {
  readonly path: string;
  /** Options of this mount, such as `rw`, `nosuid`, `relatime`. */
  readonly options: readonly string[];
}

/** The mounts in the text of a mountinfo file, in its order: a later one covers an earlier one. */
export function parseMountTable(text: string): Mount[] {
  return text
    .split("\n")
    .map((line) => line.split(" "))
    .filter((fields) => fields.length > 5)
    .map((fields) => ({ path: unescapePath(fields[4] ?? ""), options: (fields[5] ?? "").split(",") }));
}

// Space, tab, newline and backslash stand there as three octal digits.
function unescapePath(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

/** The mount that `path` lies on. */
export function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
  const over = mounts.filter((mount) => isWithin(path, mount.path));
  return over.findLast((mount) => over.every((other) => other.path.length <= mount.path.length));
}

/** The mounts below `path`, without the one that it lies on. */
export function mountsBelow(mounts: readonly Mount[], path: string): Mount[] {
  return mounts.filter((mount) => mount.path !== path && isWithin(mount.path, path));
}

/** Whether `path` is `directory` or below it. */
export function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory.endsWith("/") ? directory : `${directory}/`);
}
