import { test } from "node:test";
import * as fc from "fast-check";
import { ScriptedStore } from "./script.ts";

/** Two names of the same FNV-1a hash, as the store takes it: they share every slot of its trie. */
const COLLIDING = ["costarring", "liquid"] as const;

test("names of one hash are kept apart, also in a large directory", () => {
  const script = new ScriptedStore();
  for (let index = 0; index < 40; index += 1) script.run(["0", `mkdir /d/${index}`, "OK|"]);
  const [one, other] = COLLIDING;
  script.run(
    ["0", `write /d/${one} 1`, "OK|"],
    ["0", `read /d/${other}`, "ENOENT"],
    ["0", `write /d/${other} 2`, "OK|"],
    ["0", `write /d/${one} 3`, "OK|"],
    ["0", `read /d/${one}`, "3"],
    ["0", `read /d/${other}`, "2"],
    ["0", `rm /d/${one}`, "OK|"],
    ["0", `read /d/${one}`, "ENOENT"],
    ["0", `read /d/${other}`, "2"],
    ["0", `rm /d/${other}`, "OK|"],
    ["0", `rm /d/${other}`, "OK|"],
    ["0", "read /d/39", ""],
  );
});

test("a directory that grows and shrinks keeps the order of creation", () => {
  const name = fc.nat({ max: 70 }).map((index) => `n${index}`);
  const step = fc.record({ name, isAdded: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400, size: "max" }), (steps) => {
      const script = new ScriptedStore();
      const names = new Set<string>();
      script.run(["0", "mkdir /d", "OK|"]);
      for (const { name, isAdded } of steps) {
        script.run(["0", `${isAdded ? "mkdir" : "rm"} /d/${name}`, "OK|"]);
        if (isAdded) names.add(name);
        else names.delete(name);
      }
      script.run(["0", "ls /d", [...names].map((each) => `${each}|`).join("")]);
    }),
    { numRuns: 60 },
  );
});
