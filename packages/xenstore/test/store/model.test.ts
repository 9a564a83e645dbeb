import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { ScriptedStore } from "./script.ts";

/** A node as simply as it can be told: the tree is a plain map of whole paths. */
interface ModelNode {
  value: string;
  permissions: readonly string[];
}

/** dom0's view of a store without transactions: slow, plain, and made from the protocol's text alone. */
class Model {
  readonly nodes = new Map<string, ModelNode>([
    ["/", { value: "", permissions: ["n0"] }],
    ["/tool", { value: "", permissions: ["n0"] }],
    ["/tool/xenstored", { value: "", permissions: ["n0"] }],
  ]);

  perform(request: string): string {
    const [verb, path = "", ...words] = request.split(" ");
    const node = this.nodes.get(path);
    switch (verb) {
      case "read":
        return node?.value ?? "ENOENT";
      case "ls":
        return node === undefined
          ? "ENOENT"
          : this.children(path)
              .map((name) => `${name}|`)
              .join("");
      case "getperms":
        return node === undefined ? "ENOENT" : node.permissions.map((entry) => `${entry}|`).join("");
      case "write":
        this.make(path).value = words.join(" ");
        return "OK|";
      case "mkdir":
        this.make(path);
        return "OK|";
      case "setperms":
        if (node === undefined) return "ENOENT";
        node.permissions = words;
        return "OK|";
      default:
        return this.remove(path);
    }
  }

  private children(path: string): string[] {
    const prefix = path === "/" ? "/" : `${path}/`;
    return [...this.nodes.keys()]
      .filter((each) => each !== "/" && each.startsWith(prefix) && !each.slice(prefix.length).includes("/"))
      .map((each) => each.slice(prefix.length));
  }

  private make(path: string): ModelNode {
    const known = this.nodes.get(path);
    if (known !== undefined) return known;
    const parent = this.make(path.slice(0, Math.max(path.lastIndexOf("/"), 1)));
    const node = { value: "", permissions: parent.permissions };
    this.nodes.set(path, node);
    return node;
  }

  private remove(path: string): string {
    if (path === "/") return "EINVAL";
    if (!this.nodes.has(path)) {
      const parent = path.slice(0, Math.max(path.lastIndexOf("/"), 1));
      return this.nodes.has(parent) ? "OK|" : "ENOENT";
    }
    for (const each of this.nodes.keys()) {
      if (each === path || each.startsWith(`${path}/`)) this.nodes.delete(each);
    }
    return "OK|";
  }
}

const name = fc.constantFrom("a", "b", "c");
const path = fc.array(name, { maxLength: 4 }).map((names) => `/${names.join("/")}`);
/** One directory with more children than a plain list takes. */
const crowded = fc.nat({ max: 60 }).map((index) => `/crowd/name-${index}`);
const anyPath = fc.oneof({ weight: 2, arbitrary: path }, crowded);
const permissions = fc.constantFrom("n0", "n0 r5", "r5 b6", "b7");

const request = fc.oneof(
  anyPath.map((path) => `read ${path}`),
  anyPath.map((path) => `ls ${path}`),
  fc.constant("ls /crowd"),
  anyPath.map((path) => `getperms ${path}`),
  fc.tuple(anyPath, fc.nat({ max: 99 })).map(([path, value]) => `write ${path} ${value}`),
  anyPath.map((path) => `mkdir ${path}`),
  anyPath.map((path) => `rm ${path}`),
  fc.tuple(anyPath, permissions).map(([path, permissions]) => `setperms ${path} ${permissions}`),
);

/** Everything both know, path by path. */
function compareAll(script: ScriptedStore, model: Model): void {
  const snapshot = script.store.snapshot();
  for (const [path, node] of model.nodes) {
    const value = snapshot.read(path);
    assert.equal(value === undefined ? undefined : String.fromCharCode(...value), node.value, path);
    assert.deepEqual(script.ask("0", `ls ${path}`), [model.perform(`ls ${path}`)], path);
  }
  assert.deepEqual(script.ask("0", "control check"), ["OK|"]);
}

test("the store answers as a plain map of paths would", () => {
  fc.assert(
    fc.property(fc.array(request, { maxLength: 200, size: "max" }), (requests) => {
      const script = new ScriptedStore();
      const model = new Model();
      for (const each of requests) assert.deepEqual(script.ask("0", each), [model.perform(each)], each);
      compareAll(script, model);
    }),
    { numRuns: 150 },
  );
});

test("a transaction that meets no other change ends as if its requests had come without it", () => {
  fc.assert(
    fc.property(
      fc.array(request, { maxLength: 60, size: "max" }),
      fc.array(request, { maxLength: 60, size: "max" }),
      (before, inside) => {
        const script = new ScriptedStore();
        const model = new Model();
        for (const each of before) assert.deepEqual(script.ask("0", each), [model.perform(each)], each);
        script.run(["0", "start", "1|"]);
        for (const each of inside) assert.deepEqual(script.ask("0@1", each), [model.perform(each)], each);
        script.run(["0@1", "end T", "OK|"]);
        compareAll(script, model);
      },
    ),
    { numRuns: 150 },
  );
});

test("a transaction that is given up leaves the store as it was", () => {
  fc.assert(
    fc.property(
      fc.array(request, { maxLength: 40, size: "max" }),
      fc.array(request, { maxLength: 40, size: "max" }),
      (before, inside) => {
        const script = new ScriptedStore();
        const model = new Model();
        for (const each of before) assert.deepEqual(script.ask("0", each), [model.perform(each)]);
        script.run(["0", "start", "1|"]);
        for (const each of inside) script.ask("0@1", each);
        script.run(["0@1", "end F", "OK|"]);
        compareAll(script, model);
      },
    ),
    { numRuns: 50 },
  );
});

test("committed transactions are as if they had run one after the other", () => {
  const step = fc.tuple(fc.constantFrom("1", "2"), request);
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 30, size: "max" }), (steps) => {
      const script = new ScriptedStore();
      const serial = new Model();
      script.run(["0", "start", "1|"], ["0", "start", "2|"]);
      const answers = steps.map(([transaction, each]) => script.ask(`0@${transaction}`, each)[0]);
      for (const transaction of ["1", "2"]) {
        const [end] = script.ask(`0@${transaction}`, "end T");
        if (end !== "OK|") continue;
        for (const [index, [of, each]] of steps.entries()) {
          if (of === transaction) assert.deepEqual(serial.perform(each), answers[index], each);
        }
      }
      compareAll(script, serial);
    }),
    { numRuns: 300 },
  );
});

test("a snapshot stays as it is whatever happens after", () => {
  const script = new ScriptedStore();
  script.run(["0", "write /a/b 1", "OK|"], ["0", "setperms /a/b n0 r5", "OK|"]);
  const snapshot = script.store.snapshot();
  script.run(
    ["0", "write /a/b 2", "OK|"],
    ["0", "write /a/c 3", "OK|"],
    ["0", "rm /a/b", "OK|"],
    ["0", "rm /tool", "OK|"],
  );
  assert.deepEqual(snapshot.read("/a/b"), Uint8Array.of(0x31));
  assert.deepEqual(snapshot.list("/a"), ["b"]);
  assert.deepEqual(snapshot.list("/"), ["tool", "a"]);
  assert.deepEqual(snapshot.permissions("/a/b"), [
    { domid: 0, read: false, write: false },
    { domid: 5, read: true, write: false },
  ]);
  assert.equal(snapshot.read("/a/c"), undefined);
  assert.equal(snapshot.read("no path"), undefined);
  assert.deepEqual(script.store.snapshot().list("/a"), ["c"]);
});
