import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type ScriptedStore, storeWithDomains } from "./script.ts";

const MEBIBYTE = 1024 * 1024;

/** How many MiB of heap `store` holds more after `change`, garbage apart. */
function heldMebibytes(store: ScriptedStore, change: (store: ScriptedStore) => void): number {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  assert.ok(typeof collect === "function");
  collect();
  const before = process.memoryUsage().heapUsed;
  change(store);
  collect();
  return (process.memoryUsage().heapUsed - before) / MEBIBYTE;
}

/** A path of about 2000 bytes and 1000 names, another one for each number. */
function deepPath(index: number): string {
  return `/${index}${"/x".repeat(990)}`;
}

test("a transaction that met its limit holds nothing more, whatever is asked in it", () => {
  const script = storeWithDomains();
  script.run(["5", "start", "1|"]);
  const held = heldMebibytes(script, () => {
    for (let index = 0; index < 300; index += 1) script.ask("5@1", `read ${deepPath(index)}`);
  });
  script.run(["5@1", `read ${deepPath(0)}`, "ENOSPC"], ["5@1", "read /", "ENOSPC"]);
  assert.ok(held < 5, `${held} MiB`);
  script.run(["5@1", "end T", "ENOMEM"]);
});

test("a guest's watches of deep paths hold no more than its quota of memory, about", () => {
  const script = storeWithDomains();
  const held = heldMebibytes(script, () => {
    for (let index = 0; index < 128; index += 1) script.ask("5", `watch ${deepPath(index)} t`);
  });
  assert.ok(held < 5, `${held} MiB`);
  script.run(["5", "watch /a t", "OK|", "5: /a t"]);
});

test("a guest's transactions hold no more than its quota of memory, about", () => {
  const script = storeWithDomains();
  const deep = `d${"/x".repeat(450)}`;
  for (let index = 0; index < 400; index += 1) script.run(["5", `mkdir ${deep}/${index}`, "OK|"]);
  const held = heldMebibytes(script, () => {
    for (let id = 1; id <= 10; id += 1) {
      script.run(["5", "start", `${id}|`]);
      for (let index = 0; index < 400; index += 1) script.ask(`5@${id}`, `read ${deep}/${index}`);
    }
  });
  assert.ok(held < 10, `${held} MiB`);
});
