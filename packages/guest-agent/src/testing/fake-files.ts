import { decodeUtf8, encodeUtf8 } from "@nova-agent/xenstore";
import { SystemError } from "../errors.ts";
import { describeErrno } from "../system/errno.ts";
import { LINKS_MAX } from "../system/limits.ts";
import type { FileAttributes, FileStatus, Files, NewFileAttributes } from "../system/system.ts";

interface FakeNode {
  readonly kind: FileStatus["kind"];
  readonly attributes: FileAttributes;
  readonly content: Uint8Array;
  /** Where a link leads. */
  readonly target: string;
  readonly children: Map<string, FakeNode>;
}

/** Every call of the Files interface, by name. */
export type FileOperation = keyof Files;

const ROOT_FILE: FileAttributes = { mode: 0o644, uid: 0, gid: 0 };

/** A file tree in memory that behaves as a Linux file system does, and refuses what it is told to. */
export class FakeFiles implements Files {
  readonly #root = newNode("directory", { mode: 0o755, uid: 0, gid: 0 });
  /** Returns an errno's name to make a call fail with it. */
  refuse: (operation: FileOperation, path: string) => string | undefined = () => undefined;
  /** Calls that change something, such as `create /etc/x`, in order. */
  readonly changes: string[] = [];

  /** Puts a file there, with its directories, asking nobody. */
  addFile(path: string, content: string | Uint8Array, attributes: Partial<FileAttributes> = {}): void {
    const bytes = typeof content === "string" ? encodeUtf8(content) : content;
    this.#put(path, newNode("file", { ...ROOT_FILE, ...attributes }, { content: bytes }));
  }

  addLink(path: string, target: string): void {
    this.#put(path, newNode("link", { ...ROOT_FILE, mode: 0o777 }, { target }));
  }

  addDirectory(path: string): void {
    this.#put(path, newNode("directory", { ...ROOT_FILE, mode: 0o755 }));
  }

  /** A device, socket or pipe. */
  addOther(path: string): void {
    this.#put(path, newNode("other", ROOT_FILE));
  }

  /** The text of a file, or undefined when there is none. */
  text(path: string): string | undefined {
    const node = this.#find(path, true);
    return node?.kind === "file" ? decodeUtf8(node.content) : undefined;
  }

  /** Owner, mode and label of what stands at a path. */
  attributes(path: string): FileAttributes | undefined {
    return this.#find(path, false)?.attributes;
  }

  /** Every file by its path, as text. */
  all(): Record<string, string> {
    const found: Record<string, string> = {};
    const visit = (node: FakeNode, path: string) => {
      if (node.kind === "file") found[path] = decodeUtf8(node.content) ?? "";
      for (const [name, child] of node.children) visit(child, `${path}/${name}`);
    };
    visit(this.#root, "");
    return found;
  }

  read(path: string, maxBytes: number): Uint8Array {
    this.#ask("read", path);
    const node = this.#get(path, true);
    if (node.kind === "directory") throw failure("EISDIR", path);
    if (node.content.length > maxBytes) throw failure("EFBIG", path);
    return node.content.slice();
  }

  list(path: string): readonly string[] {
    this.#ask("list", path);
    const node = this.#get(path, true);
    if (node.kind !== "directory") throw failure("ENOTDIR", path);
    return [...node.children.keys()].sort();
  }

  status(path: string): FileStatus | undefined {
    this.#ask("status", path);
    const node = this.#find(path, false);
    if (node === undefined) return undefined;
    const { mode, uid, gid } = node.attributes;
    return { kind: node.kind, mode, uid, gid, sizeBytes: node.content.length };
  }

  readLink(path: string): string {
    this.#ask("readLink", path);
    const node = this.#get(path, false);
    if (node.kind !== "link") throw failure("EINVAL", path);
    return node.target;
  }

  label(path: string): string | undefined {
    this.#ask("label", path);
    return this.#find(path, false)?.attributes.label;
  }

  makeDirectory(path: string, mode: number): void {
    this.#ask("makeDirectory", path);
    this.#enter(path, newNode("directory", { mode, uid: 0, gid: 0 }));
  }

  create(path: string, content: Uint8Array, attributes: FileAttributes | NewFileAttributes): void {
    this.#ask("create", path);
    this.#enter(path, newNode("file", { uid: 0, gid: 0, ...attributes }, { content: content.slice() }));
  }

  rename(from: string, to: string): void {
    this.#ask("rename", from);
    this.#ask("rename", to);
    const node = this.#get(from, false);
    const target = this.#find(to, false);
    if (target?.kind === "directory" && node.kind !== "directory") throw failure("EISDIR", to);
    this.#directory(to).set(lastName(to), node);
    this.#directory(from).delete(lastName(from));
  }

  remove(path: string): void {
    this.#ask("remove", path);
    if (this.#get(path, false).kind === "directory") throw failure("EISDIR", path);
    this.#directory(path).delete(lastName(path));
  }

  makeLink(target: string, path: string): void {
    this.#ask("makeLink", path);
    this.#enter(path, newNode("link", { ...ROOT_FILE, mode: 0o777 }, { target }));
  }

  #ask(operation: FileOperation, path: string): void {
    const code = this.refuse(operation, path);
    if (code !== undefined) throw failure(code, path);
    const isChange = ["makeDirectory", "create", "rename", "remove", "makeLink"].includes(operation);
    if (isChange) this.changes.push(`${operation} ${path}`);
  }

  #enter(path: string, node: FakeNode): void {
    const directory = this.#directory(path);
    if (directory.has(lastName(path))) throw failure("EEXIST", path);
    directory.set(lastName(path), node);
  }

  #directory(path: string): Map<string, FakeNode> {
    const parent = this.#get(path.slice(0, path.lastIndexOf("/")) || "/", true);
    if (parent.kind !== "directory") throw failure("ENOTDIR", path);
    return parent.children;
  }

  #get(path: string, followsLast: boolean): FakeNode {
    const node = this.#walk(path, followsLast);
    if (typeof node === "string") throw failure(node, path);
    return node;
  }

  #find(path: string, followsLast: boolean): FakeNode | undefined {
    const node = this.#walk(path, followsLast);
    return typeof node === "string" ? undefined : node;
  }

  /** Walks as path_resolution(7) says; an errno's name when the way ends before the path does. */
  #walk(path: string, followsLast: boolean): FakeNode | "ENOENT" | "ENOTDIR" {
    const ahead = namesOf(path).toReversed();
    const way = [this.#root];
    let links = 0;
    for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
      if (name === "..") {
        if (way.length > 1) way.pop();
        continue;
      }
      const here = way.at(-1) ?? this.#root;
      if (here.kind !== "directory") return "ENOTDIR";
      const node = here.children.get(name);
      if (node === undefined) return "ENOENT";
      if (node.kind === "link" && (ahead.length > 0 || followsLast)) {
        links += 1;
        if (links > LINKS_MAX) throw failure("ELOOP", path);
        if (node.target.startsWith("/")) way.length = 1;
        ahead.push(...namesOf(node.target).toReversed());
      } else {
        way.push(node);
      }
    }
    return way.at(-1) ?? this.#root;
  }

  #put(path: string, node: FakeNode): void {
    let directory = this.#root;
    for (const name of namesOf(path).slice(0, -1)) {
      const next = directory.children.get(name) ?? newNode("directory", { ...ROOT_FILE, mode: 0o755 });
      directory.children.set(name, next);
      directory = next;
    }
    directory.children.set(lastName(path), node);
  }
}

function newNode(
  kind: FileStatus["kind"],
  attributes: FileAttributes,
  rest: { readonly content?: Uint8Array; readonly target?: string } = {},
): FakeNode {
  return {
    kind,
    attributes,
    content: rest.content ?? new Uint8Array(),
    target: rest.target ?? "",
    children: new Map(),
  };
}

function namesOf(path: string): string[] {
  return path.split("/").filter((name) => name !== "" && name !== ".");
}

function lastName(path: string): string {
  return namesOf(path).at(-1) ?? "";
}

function failure(code: string, path: string): SystemError {
  return new SystemError(code, `${path}: ${describeErrno(code)}`);
}
