import { SystemError } from "../errors.ts";
import { LINKS_MAX } from "./limits.ts";
import type { Files } from "./system.ts";

/** Files under a root directory: every path, and every link on its way, stays inside. */
export interface RootedFiles extends Files {
  /**
   * Where a path leads when every link is followed, the last one too: absolute, as seen from inside
   * the root. Nothing needs to be there. Throws SystemError ELOOP.
   */
  resolve(path: string): string;
}

/**
 * Confines `files` to `root`, as chroot(2) would: an absolute link means the root's own tree and `..`
 * at the root stays there. Like the calls they stand for (path_resolution(7)), `status`, `readLink`,
 * `create`, `rename`, `remove` and `makeLink` do not follow a link in the last place.
 *
 * The way is looked up first and used then, so this holds against what a file tree contains and not
 * against someone who changes directories inside it at that moment.
 */
export function rootFiles(files: Files, root: string): RootedFiles {
  const prefix = root.replace(/\/+$/, "");
  const inside = (path: string, followsLast: boolean) =>
    prefix + resolvePath({ files, prefix, path, followsLast });
  const target = (path: string) => inside(path, true);
  const entry = (path: string) => inside(path, false);
  return {
    read: (path, maxBytes) => files.read(target(path), maxBytes),
    list: (path) => files.list(target(path)),
    status: (path) => files.status(entry(path)),
    readLink: (path) => files.readLink(entry(path)),
    label: (path) => files.label(target(path)),
    makeDirectory: (path, mode) => files.makeDirectory(entry(path), mode),
    create: (path, content, attributes) => files.create(entry(path), content, attributes),
    rename: (from, to) => files.rename(entry(from), entry(to)),
    remove: (path) => files.remove(entry(path)),
    makeLink: (to, path) => files.makeLink(to, entry(path)),
    resolve: (path) => resolvePath({ files, prefix, path, followsLast: true }),
  };
}

interface Lookup {
  readonly files: Files;
  /** The root without its last slash, so empty for `/`. */
  readonly prefix: string;
  readonly path: string;
  readonly followsLast: boolean;
}

function resolvePath({ files, prefix, path, followsLast }: Lookup): string {
  const ahead = splitPath(path).toReversed();
  const way: string[] = [];
  let links = 0;
  for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
    if (name === "..") {
      // What is behind has no links left in it, so the parent is the name before.
      way.pop();
      continue;
    }
    way.push(name);
    if (ahead.length === 0 && !followsLast) break;
    const here = `${prefix}/${way.join("/")}`;
    if (files.status(here)?.kind !== "link") continue;
    links += 1;
    if (links > LINKS_MAX) throw new SystemError("ELOOP", `Cannot follow "${path}": too many links`);
    const link = files.readLink(here);
    if (link.startsWith("/")) way.length = 0;
    else way.pop();
    ahead.push(...splitNames(link).toReversed());
  }
  return `/${way.join("/")}`;
}

/** The names on an absolute path, without empty ones and `.`. */
function splitPath(path: string): string[] {
  if (!path.startsWith("/") || path.includes("\0")) {
    throw new SystemError("EINVAL", `Path ${JSON.stringify(path)} is not absolute`);
  }
  return splitNames(path);
}

function splitNames(path: string): string[] {
  return path.split("/").filter((name) => name !== "" && name !== ".");
}
