import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { decodeUtf8, encodeUtf8 } from "@nova-agent/xenstore";
import { SystemError } from "../../src/errors.ts";
import type { FileAttributes, Files } from "../../src/system/system.ts";

/** A Files to be tested, with an empty directory of its own. */
export interface FilesUnderTest {
  readonly files: Files;
  /** Absolute path of the empty directory. */
  readonly directory: string;
  /** An owner whose files may be created here. */
  readonly owner: { readonly uid: number; readonly gid: number };
  /** Makes a symbolic link, which Files itself does not. */
  readonly link: (target: string, path: string) => void;
}

/** What every implementation of Files must do; `setUp` may register its cleaning on the test. */
export function filesContract(name: string, setUp: (test: TestContext) => Promise<FilesUnderTest>): void {
  const each: Each = (behaviour, body) => {
    test(`${name}: ${behaviour}`, async (context) => body(new Fixture(await setUp(context))));
  };
  readingBehaviour(each);
  creatingBehaviour(each);
  renamingBehaviour(each);
  linkBehaviour(each);
}

type Each = (behaviour: string, body: (fixture: Fixture) => void) => void;

class Fixture {
  readonly files: Files;
  readonly owner: { readonly uid: number; readonly gid: number };
  readonly #setUp: FilesUnderTest;

  constructor(setUp: FilesUnderTest) {
    this.#setUp = setUp;
    this.files = setUp.files;
    this.owner = setUp.owner;
  }

  path(name: string): string {
    return `${this.#setUp.directory}/${name}`;
  }

  create(name: string, text: string, attributes: Partial<FileAttributes> = {}): string {
    const path = this.path(name);
    this.files.create(path, encodeUtf8(text), { mode: 0o644, ...this.owner, ...attributes });
    return path;
  }

  text(path: string): string | undefined {
    return decodeUtf8(this.files.read(path, 1000));
  }

  link(target: string, name: string): string {
    this.#setUp.link(target, this.path(name));
    return this.path(name);
  }

  refuses(code: string, body: () => unknown): void {
    assert.throws(body, (error) => error instanceof SystemError && error.code === code);
  }
}

function readingBehaviour(each: Each): void {
  each("a file reads as it was created, whatever its bytes", (fixture) => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index * 7);
    const path = fixture.path("bytes");
    fixture.files.create(path, bytes, { mode: 0o600, ...fixture.owner });
    assert.deepEqual(fixture.files.read(path, 70_000), bytes);
  });
  each("a file of exactly the limit is read and one byte more is EFBIG", (fixture) => {
    const path = fixture.create("five", "12345");
    assert.equal(fixture.files.read(path, 5).length, 5);
    fixture.refuses("EFBIG", () => fixture.files.read(path, 4));
  });
  each("reading what is missing is ENOENT, a directory EISDIR, behind a file ENOTDIR", (fixture) => {
    fixture.refuses("ENOENT", () => fixture.files.read(fixture.path("missing"), 10));
    fixture.refuses("EISDIR", () => fixture.files.read(fixture.path(""), 10));
    fixture.refuses("ENOTDIR", () => fixture.files.read(`${fixture.create("file", "")}/x`, 10));
  });
  each("names are listed in order", (fixture) => {
    for (const name of ["b", "c", "a"]) fixture.create(name, "");
    assert.deepEqual(fixture.files.list(fixture.path("")), ["a", "b", "c"]);
  });
  each("listing what is missing is ENOENT and a file ENOTDIR", (fixture) => {
    fixture.refuses("ENOENT", () => fixture.files.list(fixture.path("missing")));
    fixture.refuses("ENOTDIR", () => fixture.files.list(fixture.create("file", "")));
  });
  each("status tells kind, mode, owner and size", (fixture) => {
    const path = fixture.create("file", "12345", { mode: 0o640 });
    const expected = { kind: "file", mode: 0o640, sizeBytes: 5, ...fixture.owner };
    assert.deepEqual(fixture.files.status(path), expected);
  });
  each("status is undefined for what is missing and for a way through a file", (fixture) => {
    assert.equal(fixture.files.status(fixture.path("missing")), undefined);
    assert.equal(fixture.files.status(fixture.path("missing/deeper")), undefined);
    assert.equal(fixture.files.status(`${fixture.create("file", "")}/x`), undefined);
  });
}

function creatingBehaviour(each: Each): void {
  each("create never touches a file that is there", (fixture) => {
    const path = fixture.create("file", "old");
    fixture.refuses("EEXIST", () => fixture.create("file", "new"));
    assert.equal(fixture.text(path), "old");
  });
  each("create does not follow a link, even one that leads nowhere", (fixture) => {
    fixture.link(fixture.path("elsewhere"), "link");
    fixture.refuses("EEXIST", () => fixture.create("link", "x"));
    assert.equal(fixture.files.status(fixture.path("elsewhere")), undefined);
  });
  each("create without its directory is ENOENT and under a file ENOTDIR", (fixture) => {
    fixture.refuses("ENOENT", () => fixture.create("missing/file", ""));
    fixture.create("file", "");
    fixture.refuses("ENOTDIR", () => fixture.create("file/below", ""));
  });
  each("create gives exactly the mode, with special bits and whatever the umask", (fixture) => {
    for (const mode of [0o600, 0o666, 0o4755, 0o444]) {
      const path = fixture.create(`mode-${mode}`, "", { mode });
      assert.equal(fixture.files.status(path)?.mode, mode);
    }
  });
  each("create without an owner makes a file of the user's own", (fixture) => {
    const path = fixture.path("own");
    fixture.files.create(path, encodeUtf8("text"), { mode: 0o640 });
    const { uid, gid, mode } = fixture.files.status(path) ?? {};
    assert.deepEqual({ uid, gid, mode }, { ...fixture.owner, mode: 0o640 });
  });
  each("a directory is made with exactly its mode", (fixture) => {
    fixture.files.makeDirectory(fixture.path("made"), 0o777);
    const { kind, mode } = fixture.files.status(fixture.path("made")) ?? {};
    assert.deepEqual({ kind, mode }, { kind: "directory", mode: 0o777 });
  });
  each("a directory that is there is EEXIST, one without its parent ENOENT", (fixture) => {
    fixture.files.makeDirectory(fixture.path("made"), 0o755);
    fixture.refuses("EEXIST", () => fixture.files.makeDirectory(fixture.path("made"), 0o755));
    fixture.refuses("ENOENT", () => fixture.files.makeDirectory(fixture.path("no/made"), 0o755));
  });
}

function renamingBehaviour(each: Each): void {
  each("rename puts a file in the place of another", (fixture) => {
    const from = fixture.create("from", "new");
    const to = fixture.create("to", "old");
    fixture.files.rename(from, to);
    assert.equal(fixture.text(to), "new");
    assert.equal(fixture.files.status(from), undefined);
  });
  each("rename of what is missing is ENOENT", (fixture) => {
    fixture.refuses("ENOENT", () => fixture.files.rename(fixture.path("no"), fixture.path("to")));
  });
  each("rename of a file over a directory is EISDIR and leaves both", (fixture) => {
    const from = fixture.create("from", "x");
    fixture.files.makeDirectory(fixture.path("to"), 0o755);
    fixture.refuses("EISDIR", () => fixture.files.rename(from, fixture.path("to")));
    assert.deepEqual(fixture.files.list(fixture.path("")), ["from", "to"]);
  });
  each("remove takes a file away, and once more is ENOENT", (fixture) => {
    const path = fixture.create("file", "");
    fixture.files.remove(path);
    assert.equal(fixture.files.status(path), undefined);
    fixture.refuses("ENOENT", () => fixture.files.remove(path));
  });
  each("remove does not take a directory away", (fixture) => {
    fixture.files.makeDirectory(fixture.path("made"), 0o755);
    fixture.refuses("EISDIR", () => fixture.files.remove(fixture.path("made")));
  });
}

function linkBehaviour(each: Each): void {
  each("status and readLink look at the link itself", (fixture) => {
    const path = fixture.link("some/../where", "link");
    assert.equal(fixture.files.status(path)?.kind, "link");
    assert.equal(fixture.files.readLink(path), "some/../where");
  });
  each("readLink of a file is EINVAL", (fixture) => {
    fixture.refuses("EINVAL", () => fixture.files.readLink(fixture.create("file", "")));
  });
  each("a link is made with its target as it is, though nothing stands there", (fixture) => {
    fixture.files.makeLink("../nowhere/at all", fixture.path("made"));
    assert.equal(fixture.files.status(fixture.path("made"))?.kind, "link");
    assert.equal(fixture.files.readLink(fixture.path("made")), "../nowhere/at all");
  });
  each("a link over what is there is EEXIST, one without its directory ENOENT", (fixture) => {
    const path = fixture.create("file", "old");
    fixture.refuses("EEXIST", () => fixture.files.makeLink("x", path));
    assert.equal(fixture.text(path), "old");
    fixture.refuses("ENOENT", () => fixture.files.makeLink("x", fixture.path("no/link")));
  });
  each("read follows links, relative and absolute", (fixture) => {
    const path = fixture.create("file", "text");
    assert.equal(fixture.text(fixture.link("file", "relative")), "text");
    assert.equal(fixture.text(fixture.link(path, "absolute")), "text");
  });
  each("links that lead in a circle are ELOOP", (fixture) => {
    fixture.link("two", "one");
    fixture.link("one", "two");
    fixture.refuses("ELOOP", () => fixture.files.read(fixture.path("one"), 10));
  });
  each("remove and rename act on the link and not on its target", (fixture) => {
    const target = fixture.create("target", "text");
    fixture.files.rename(fixture.link("target", "link"), fixture.path("moved"));
    assert.equal(fixture.files.readLink(fixture.path("moved")), "target");
    fixture.files.remove(fixture.path("moved"));
    assert.equal(fixture.text(target), "text");
  });
}
