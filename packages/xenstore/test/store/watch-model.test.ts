import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { ScriptedStore } from "./script.ts";

const name = fc.constantFrom("a", "b", "c");
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => `/${names.join("/")}`);

const step = fc.oneof(
  { weight: 3, arbitrary: path.map((path) => ["write", path] as const) },
  { weight: 1, arbitrary: path.map((path) => ["rm", path] as const) },
  { weight: 2, arbitrary: path.map((path) => ["watch", path] as const) },
  { weight: 1, arbitrary: path.map((path) => ["unwatch", path] as const) },
);

function isBelow(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}/`);
}

/** What watchers should hear of a change, found by looking at every watch and every node. */
function expectedEvents(verb: "write" | "rm", path: string, model: Model): string[] {
  if (verb === "rm" && !model.nodes.has(path)) return [];
  const events = [...model.watches]
    .filter((watch) => isBelow(path, watch))
    .map((watch) => `0b: ${path} ${watch}`);
  if (verb === "write") return events;
  const removed = [...model.watches].filter(
    (watch) => watch !== path && isBelow(watch, path) && model.nodes.has(watch),
  );
  return [...removed.map((watch) => `0b: ${watch} ${watch}`), ...events];
}

interface Model {
  readonly nodes: Set<string>;
  readonly watches: Set<string>;
}

function changeNodes(verb: "write" | "rm", path: string, { nodes }: Model): void {
  if (verb === "rm") {
    for (const node of nodes) if (isBelow(node, path)) nodes.delete(node);
    return;
  }
  const names = path.split("/").slice(1);
  for (let depth = 1; depth <= names.length; depth += 1) nodes.add(`/${names.slice(0, depth).join("/")}`);
}

test("watchers hear what a look at every watch and every node says", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100, size: "max" }), (steps) => {
      const script = new ScriptedStore();
      const model: Model = { nodes: new Set(), watches: new Set() };
      for (const [verb, path] of steps) {
        // The token tells the watch; it may hold any character.
        if (verb === "watch" || verb === "unwatch") {
          script.ask("0b", `${verb} ${path} ${path}`);
          if (verb === "watch") model.watches.add(path);
          else model.watches.delete(path);
          continue;
        }
        const events = script.ask("0", verb === "rm" ? `rm ${path}` : `write ${path} value`).slice(0, -1);
        assert.deepEqual(events.toSorted(), expectedEvents(verb, path, model).toSorted(), `${verb} ${path}`);
        changeNodes(verb, path, model);
      }
    }),
    { numRuns: 200 },
  );
});
