import { test } from "node:test";
import { MessageType } from "@nova-agent/xenstore";
import { type Line, ScriptedStore, storeWithDomains } from "./script.ts";

test("a transaction sees its own changes, others see them after the commit", () => {
  new ScriptedStore().run(
    ["0", "write /a old", "OK|"],
    ["0", "start", "1|"],
    ["0@1", "write /a new", "OK|"],
    ["0@1", "write /b/c 1", "OK|"],
    ["0@1", "read /a", "new"],
    ["0@1", "ls /b", "c|"],
    ["0", "read /a", "old"],
    ["0", "read /b/c", "ENOENT"],
    ["0@1", "end T", "OK|"],
    ["0", "read /a", "new"],
    ["0", "read /b/c", "1"],
    ["0", "ls /", "tool|a|b|"],
    ["0@1", "read /a", "ENOENT"],
  );
});

test("a transaction that is given up leaves nothing", () => {
  new ScriptedStore().run(
    ["0", "start", "1|"],
    ["0@1", "write /a new", "OK|"],
    ["0@1", "rm /tool", "OK|"],
    ["0@1", "ls /", "a|"],
    ["0@1", "end F", "OK|"],
    ["0", "ls /", "tool|"],
    ["0", "read /tool/xenstored", ""],
  );
});

test("transactions are numbered for each connection, and belong to it", () => {
  storeWithDomains().run(
    ["0", "start", "1|"],
    ["0", "start", "2|"],
    ["0b", "start", "1|"],
    ["0b@2", "read /", "ENOENT"],
    ["5@1", "read /", "ENOENT"],
    ["0@2", "end F", "OK|"],
    ["0", "start", "3|"],
  );
});

test("an unknown transaction is ENOENT everywhere but for watches", () => {
  new ScriptedStore().run(
    ["0@9", "read /", "ENOENT"],
    ["0@9", "start", "ENOENT"],
    ["0@9", "reset", "ENOENT"],
    ["0@9", "path 5", "ENOENT"],
    ["0@9", "control help", "ENOENT"],
    ["0@9", "end T", "ENOENT"],
    ["0", "end T", "ENOENT"],
    ["0", [MessageType.transactionEnd, "X|"], "EINVAL"],
    ["0@9", "watch /a t", "OK|", "0: /a t"],
    ["0@9", "unwatch /a t", "OK|"],
  );
});

test("errors within a transaction do not spoil it, nor does a bad end", () => {
  new ScriptedStore().run(
    ["0", "start", "1|"],
    ["0@1", "start", "EBUSY"],
    ["0@1", "read /missing", "ENOENT"],
    ["0@1", "read a.b", "EINVAL"],
    ["0@1", [MessageType.transactionEnd, "T"], "EINVAL"],
    ["0@1", "write /a 1", "OK|"],
    ["0@1", "end T", "OK|"],
    ["0", "read /a", "1"],
  );
});

test("it is no snapshot: a node touched late is seen as it is then, and stays so", () => {
  new ScriptedStore().run(
    ["0", "start", "1|"],
    ["0b", "write /late 1", "OK|"],
    ["0@1", "read /late", "1"],
    ["0b", "write /late 2", "OK|"],
    ["0@1", "read /late", "1"],
    ["0@1", "end T", "EAGAIN"],
    ["0", "start", "2|"],
    ["0b", "write /late 3", "OK|"],
    ["0@2", "read /late", "3"],
    ["0@2", "end T", "OK|"],
  );
});

test("what was removed and made again within a transaction is new and goes last", () => {
  new ScriptedStore().run(
    ["0", "write /d/a/old 1", "OK|"],
    ["0", "write /d/b 1", "OK|"],
    ["0", "start", "1|"],
    ["0@1", "read /d/a/old", "1"],
    ["0@1", "rm /d/a", "OK|"],
    ["0@1", "read /d/a/old", "ENOENT"],
    ["0@1", "write /d/a/new 2", "OK|"],
    ["0@1", "ls /d/a", "new|"],
    ["0@1", "ls /d", "b|a|"],
    ["0@1", "read /d/a/old", "ENOENT"],
    ["0@1", "end T", "OK|"],
    ["0", "ls /d", "b|a|"],
    ["0", "ls /d/a", "new|"],
  );
});

test("a node of an untouched subtree is gone in the transaction that removed its parent", () => {
  new ScriptedStore().run(
    ["0", "write /d/e/f/g 1", "OK|"],
    ["0", "start", "1|"],
    ["0@1", "read /d/e/f/g", "1"],
    ["0@1", "rm /d/e", "OK|"],
    ["0@1", "read /d/e/f", "ENOENT"],
    ["0@1", "read /d/e/f/g", "ENOENT"],
    ["0@1", "mkdir /d/e/f", "OK|"],
    ["0@1", "ls /d/e/f", ""],
    ["0@1", "rm /d", "OK|"],
    ["0@1", "end T", "OK|"],
    ["0", "ls /", "tool|"],
  );
});

test("a commit tells one event for each changed node, in the order of the first touch", () => {
  new ScriptedStore().run(
    ["0b", "watch / w", "OK|", "0b: / w"],
    ["0", "write /a/sub/leaf 1", "0b: /a/sub/leaf w", "OK|"],
    ["0", "start", "1|"],
    ["0@1", "read /b", "ENOENT"],
    ["0@1", "write /c/d 1", "OK|"],
    ["0@1", "write /b 1", "OK|"],
    ["0@1", "write /c/d 2", "OK|"],
    ["0@1", "write /gone 1", "OK|"],
    ["0@1", "rm /gone", "OK|"],
    ["0@1", "rm /a", "OK|"],
    ["0@1", "end T", "0b: /b w", "0b: /c/d w", "0b: /a w", "OK|"],
  );
});

test("a commit that removes a subtree tells the watches within it", () => {
  new ScriptedStore().run(
    ["0", "write /a/b/c 1", "OK|"],
    ["0b", "watch /a/b/c deep", "OK|", "0b: /a/b/c deep"],
    ["0b", "watch /a/x none", "OK|", "0b: /a/x none"],
    ["0", "start", "1|"],
    ["0@1", "write /a/b/c 2", "OK|"],
    ["0@1", "rm /a", "OK|"],
    ["0@1", "end T", "0b: /a/b/c deep", "OK|"],
  );
});

test("transactions end with their connection", () => {
  const script = storeWithDomains({ quotas: { transactions: 1 } });
  script.run(["5", "start", "1|"], ["5b", "start", "ENOSPC"]);
  script.close("5");
  script.run(
    ["5b", "start", "1|"],
    ["5b", "reset", "OK|"],
    ["5b@1", "read name", "ENOENT"],
    ["5b", "start", "2|"],
  );
});

/** Inside one transaction / outside of it before its end: whether it conflicts (C xenstored). */
const conflicts: readonly (readonly [inside: string, outside: string, end: "EAGAIN" | "OK|"])[] = [
  ["read /a", "write /a 2", "EAGAIN"],
  ["read /a, write /b 2", "write /a 2", "EAGAIN"],
  ["read /a, write /b 2", "write /a 1", "EAGAIN"],
  ["read /a, write /b 2", "write /a 2, write /a 1", "EAGAIN"],
  ["read /a, write /b 2", "rm /a, write /a 1", "EAGAIN"],
  ["write /a 3", "write /a 2", "EAGAIN"],
  ["read /a, write /a 3", "write /a 2", "EAGAIN"],
  ["write /a 3, read /a", "write /a 2", "EAGAIN"],
  ["write /a 3", "write /b 2", "OK|"],
  ["read /a, write /a 3", "write /b 2", "OK|"],
  ["write /a 3", "write /elsewhere/x 2", "OK|"],
  ["write /d/n 1", "write /d/m 1", "EAGAIN"],
  ["write /d/n 1", "write /d/n 1", "EAGAIN"],
  ["write /g/d/n 1", "write /g/m 1", "OK|"],
  ["ls /d", "mkdir /d/m", "EAGAIN"],
  ["ls /d", "write /d/e 2", "OK|"],
  ["read /d", "mkdir /d/m", "EAGAIN"],
  ["getperms /a", "write /a 2", "EAGAIN"],
  ["read /a", "setperms /a n0", "EAGAIN"],
  ["write /a 3", "setperms /a n0", "EAGAIN"],
  ["write /a 3", "rm /a", "EAGAIN"],
  ["rm /a", "write /a 2", "EAGAIN"],
  ["rm /a", "rm /a", "EAGAIN"],
  ["rm /d", "write /d/e 2", "EAGAIN"],
  ["rm /g", "write /g/d/new/deep 2", "EAGAIN"],
  ["write /d/e 3", "rm /d", "EAGAIN"],
  ["mkdir /a", "write /a 2", "EAGAIN"],
  ["rm /d/n", "write /d/n 1", "EAGAIN"],
  ["read /d/n", "write /d/n 1", "EAGAIN"],
  ["read /a", "read /a", "OK|"],
  ["rm /d", "write /a 2", "OK|"],
];

for (const [inside, outside, end] of conflicts) {
  void test(`${inside} in a transaction, ${outside} meanwhile: ${end}`, () => {
    const script = new ScriptedStore();
    for (const node of ["/a 1", "/b 1", "/d/e 1", "/g/d/e 1", "/elsewhere 1"])
      script.ask("0", `write ${node}`);
    const steps: Line[] = [["0", "start", "1|"]];
    script.run(...steps);
    for (const request of inside.split(", ")) script.ask("0@1", request);
    for (const request of outside.split(", ")) script.ask("0", request);
    script.run(["0@1", "end T", end]);
  });
}

test("of two transactions that each read what the other writes the second fails", () => {
  new ScriptedStore().run(
    ["0", "write /a 1", "OK|"],
    ["0", "write /b 1", "OK|"],
    ["0", "start", "1|"],
    ["0", "start", "2|"],
    ["0@1", "read /a", "1"],
    ["0@1", "write /b 2", "OK|"],
    ["0@2", "read /b", "1"],
    ["0@2", "write /a 2", "OK|"],
    ["0@1", "end T", "OK|"],
    ["0@2", "end T", "EAGAIN"],
    ["0", "read /a", "1"],
  );
});

test("the domain whose change made a transaction of another one fail is told, on every connection", () => {
  const script = storeWithDomains();
  script.run(
    ["5", "write data 1", "OK|"],
    ["5b", "read data", "1"],
    ["0", "start", "1|"],
    ["0@1", "read /local/domain/5/data", "1"],
    ["5", "write data 2", "OK|"],
    ["0@1", "end T", "5 conflicted", "5b conflicted", "EAGAIN"],
    ["0", "start", "2|"],
    ["0@2", "read /local/domain/5/data", "2"],
    ["5", "rm data", "OK|"],
    ["0@2", "end T", "5 conflicted", "5b conflicted", "EAGAIN"],
    ["0", "write /local/domain/5/tree/leaf 1", "OK|"],
    ["0", "start", "3|"],
    ["0@3", "rm /local/domain/5/tree", "OK|"],
    ["5", "write tree/leaf 2", "OK|"],
    ["0@3", "end T", "5 conflicted", "5b conflicted", "EAGAIN"],
    ["5", "start", "1|"],
    ["5@1", "read tree/leaf", "2"],
    ["5", "write tree/leaf 3", "OK|"],
    ["5@1", "end T", "EAGAIN"],
  );
});
