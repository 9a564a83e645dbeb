import { test } from "node:test";
import { MessageType } from "@nova-agent/xenstore";
import { storeWithDomains } from "./script.ts";

test("a guest owns at most its quota of nodes, on all its connections", () => {
  storeWithDomains({ quotas: { nodes: 4 } }).run(
    ["5", "write a 1", "OK|"],
    ["5b", "mkdir b/c", "OK|"],
    ["5", "mkdir d", "ENOSPC"],
    ["5", "write a 2", "OK|"],
    ["0", "write /local/domain/5/host 1", "OK|"],
    ["0", "rm /local/domain/5/host", "OK|"],
    ["5", "rm b", "OK|"],
    ["5", "mkdir x/y/z", "ENOSPC"],
    ["5", "ls /local/domain/5", "a|"],
    ["5", "mkdir x/y", "OK|"],
    ["0", "control check", "OK|"],
  );
});

test("a thousand nodes are allowed, and no more", () => {
  const script = storeWithDomains();
  // With the domain's own node and nine directories: exactly a thousand.
  for (let index = 0; index < 990; index += 1) script.run(["5", `mkdir d${index % 9}/${index}`, "OK|"]);
  script.run(["5", "mkdir more", "ENOSPC"], ["5", "rm d0/0", "OK|"], ["5", "mkdir more", "OK|"]);
});

test("a node that changes hands counts for its new owner", () => {
  storeWithDomains({ quotas: { nodes: 2 } }).run(
    ["5", "mkdir a", "OK|"],
    ["5", "mkdir b", "ENOSPC"],
    ["0", "setperms /local/domain/5/a n6", "OK|"],
    ["5", "mkdir b", "OK|"],
    ["6", "mkdir c", "ENOSPC"],
    ["0", "control check", "OK|"],
  );
});

test("nodes in a large directory are counted when they come, go and change hands", () => {
  const script = storeWithDomains();
  for (let index = 0; index < 50; index += 1) script.run(["5", `mkdir d/${index}`, "OK|"]);
  script.run(
    ["5", "rm d/7", "OK|"],
    ["0", "setperms /local/domain/5/d/8 n6", "OK|"],
    ["0", "setperms /local/domain/5/d/9 n0", "OK|"],
    ["0", "control check", "OK|"],
    ["0", "rm /local/domain/5/d", "OK|"],
    ["0", "control check", "OK|"],
    [
      "0",
      "control print 5",
      "introduced yes\ntarget none\nconnections 1\nnodes 1\nwatches 0\ntransactions 0|",
    ],
    [
      "0",
      "control print 6",
      "introduced yes\ntarget none\nconnections 0\nnodes 1\nwatches 0\ntransactions 0|",
    ],
  );
});

test("a node of a guest has at most 2048 bytes: 24, 8 a permission, the value, the children's names", () => {
  const script = storeWithDomains();
  const largest = "v".repeat(2048 - 24 - 8);
  script.run(
    ["5", `write a ${largest}`, "OK|"],
    ["5", `write a ${largest}x`, "ENOSPC"],
    ["5", `write b ${largest}x`, "ENOSPC"],
    ["5", "setperms a n5 r6", "ENOSPC"],
    ["5", "mkdir a/b", "ENOSPC"],
    ["0", `write /local/domain/5/a ${largest}x`, "OK|"],
  );
});

test("one directory of a guest holds as many names as fit its size", () => {
  const script = storeWithDomains();
  for (let index = 100; index < 100 + 504; index += 1) script.run(["5", `mkdir d/${index}`, "OK|"]);
  script.run(["5", "mkdir d/x", "ENOSPC"], ["5", "mkdir e/x", "OK|"]);
});

test("a guest has at most 128 watches, on all its connections", () => {
  const script = storeWithDomains();
  for (let index = 0; index < 128; index += 1) {
    const who = index % 2 === 0 ? "5" : "5b";
    script.run([who, `watch name ${index}`, "OK|", `${who}: name ${index}`]);
  }
  script.run(
    ["5", "watch name more", "E2BIG"],
    ["5b", "unwatch name 1", "OK|"],
    ["5", "watch name more", "OK|", "5: name more"],
  );
  script.close("5b");
  for (let index = 0; index < 63; index += 1) script.ask("5", `watch again ${index}`);
  script.run(["5", "watch name last", "E2BIG"], ["0", "watch / t", "OK|", "0: / t"]);
});

test("a guest has at most 10 open transactions", () => {
  const script = storeWithDomains();
  for (let index = 1; index <= 10; index += 1) script.run(["5", "start", `${index}|`]);
  script.run(
    ["5", "start", "ENOSPC"],
    ["5b", "start", "ENOSPC"],
    ["5@3", "end F", "OK|"],
    ["5", "start", "11|"],
  );
});

test("a guest's transaction that touches too many nodes can only be ended, with ENOMEM", () => {
  storeWithDomains({ quotas: { "transaction-nodes": 3 } }).run(
    ["5", "start", "1|"],
    ["5@1", "write a 1", "OK|"],
    ["5@1", "write b 1", "OK|"],
    ["5@1", "write c 1", "ENOSPC"],
    ["5@1", "end T", "ENOMEM"],
    ["5", "read a", "ENOENT"],
    ["0", "start", "1|"],
    ["0@1", "write /a/b/c/d/e 1", "OK|"],
    ["0@1", "end T", "OK|"],
    ["0", "control check", "OK|"],
  );
});

test("values in open transactions of a guest are limited in bytes", () => {
  const value = "v".repeat(2000);
  storeWithDomains({ quotas: { memory: 9500 } }).run(
    ["5", "start", "1|"],
    ["5@1", `write a ${value}`, "OK|"],
    ["5", "start", "2|"],
    ["5@2", `write b ${value}`, "OK|"],
    ["5@2", `write c ${value}`, "ENOMEM"],
    ["5@2", "end T", "ENOMEM"],
    ["5@1", `write b ${value}`, "OK|"],
    ["5@1", "end T", "OK|"],
    ["5", "start", "3|"],
    ["5@3", `write c ${value}`, "OK|"],
  );
});

test("watches and what transactions looked at are limited in bytes, until they end", () => {
  storeWithDomains({ quotas: { memory: 2100 } }).run(
    ["5", "watch /a/b t", "OK|", "5: /a/b t"],
    ["5b", "watch /a/b t", "ENOMEM"],
    ["6", "watch /a/b t", "OK|", "6: /a/b t"],
    ["5", "start", "1|"],
    ["5@1", "read /tool", "EACCES"],
    ["5@1", "read /missing/node", "ENOMEM"],
    ["5@1", "end F", "OK|"],
    ["5", "unwatch /a/b t", "OK|"],
    ["5b", "watch /a/b t", "OK|", "5b: /a/b t"],
    ["5", "watch /a t", "OK|", "5: /a t"],
    ["5", "watch / t", "ENOMEM"],
    ["5b", "reset", "OK|"],
    ["5", "watch /a/b t", "OK|", "5: /a/b t"],
  );
});

test("a value that a transaction writes again and again counts once", () => {
  const script = storeWithDomains({ quotas: { memory: 5000 } });
  script.run(["5", "start", "1|"]);
  for (let round = 0; round < 20; round += 1) {
    script.run(["5@1", `write a ${"v".repeat(1000 + round)}`, "OK|"]);
  }
  script.run(["5@1", "end T", "OK|"]);
});

test("nodes made in a transaction count there at once, and at the commit for all", () => {
  storeWithDomains({ quotas: { nodes: 4 } }).run(
    ["5", "start", "1|"],
    ["5@1", "mkdir t/u", "OK|"],
    ["5@1", "mkdir t/v/w", "ENOSPC"],
    ["5@1", "mkdir t/v", "OK|"],
    ["5", "mkdir /local/domain/5/out", "OK|"],
    ["5@1", "end T", "EAGAIN"],
    ["5", "mkdir x", "OK|"],
    ["5", "start", "2|"],
    ["5@2", "mkdir x/in", "OK|"],
    ["5", "mkdir out/more", "OK|"],
    ["5@2", "end T", "ENOSPC"],
    ["5", "start", "3|"],
    ["5@3", "rm out", "OK|"],
    ["5@3", "mkdir x/in", "OK|"],
    ["5@3", "end T", "OK|"],
    ["5", "mkdir x/one", "OK|"],
    ["5", "mkdir x/two", "ENOSPC"],
    ["0", "control check", "OK|"],
  );
});

test("a guest over its quota, by what dom0 made for it, may still commit what adds no node", () => {
  storeWithDomains({ quotas: { nodes: 2 } }).run(
    ["0", "write /local/domain/5/a/b 1", "OK|"],
    ["5", "start", "1|"],
    ["5@1", "write a 2", "OK|"],
    ["5@1", "end T", "OK|"],
    ["5", "read a", "2"],
    ["5", "write c 1", "ENOSPC"],
  );
});

test("quotas are read and set by name, for all or for one domain", () => {
  storeWithDomains().run(
    [
      "0",
      [MessageType.getQuota, ""],
      "nodes node-size watches transactions transaction-nodes node-permissions path-max memory|",
    ],
    ["0", [MessageType.getQuota, "nodes|"], "1000|"],
    ["0", [MessageType.setQuota, "nodes|2|"], "OK|"],
    ["0", [MessageType.getQuota, "5|nodes|"], "2|"],
    ["0", [MessageType.setQuota, "6|nodes|0|"], "OK|"],
    ["5", "mkdir a/b", "ENOSPC"],
    ["6", "mkdir a/b", "OK|"],
    ["0", [MessageType.getQuota, "6|nodes|"], "0|"],
    ["0", [MessageType.getQuota, "unknown|"], "EINVAL"],
    ["0", [MessageType.setQuota, "unknown|1|"], "EINVAL"],
    ["0", [MessageType.setQuota, "nodes|x|"], "EINVAL"],
    ["0", [MessageType.getQuota, "40000|nodes|"], "ENOENT"],
    ["0", [MessageType.setQuota, "40000|nodes|1|"], "ENOENT"],
  );
});

test("control answers what it knows and EINVAL otherwise", () => {
  const script = storeWithDomains();
  script.run(
    ["0", "control check", "OK|"],
    ["0", "control quota set nodes 3", "OK|"],
    ["0", [MessageType.getQuota, "nodes|"], "3|"],
    ["0", "control unknown", "EINVAL"],
    ["0", "control check more", "EINVAL"],
    ["0", "control print", "EINVAL"],
    ["0", [MessageType.control, ""], "EINVAL"],
    [
      "0",
      "control print 5",
      "introduced yes\ntarget none\nconnections 0\nnodes 1\nwatches 0\ntransactions 0|",
    ],
  );
});

test("a node that would be too large spoils the transaction, a limit of nodes or permissions does not", () => {
  storeWithDomains({ quotas: { nodes: 2 } }).run(
    ["5", "write a old", "OK|"],
    ["5", "start", "1|"],
    ["5@1", "mkdir b", "ENOSPC"],
    ["5@1", "setperms a n5 r1 r2 r3 r4 r6", "ENOSPC"],
    ["5@1", "write a new", "OK|"],
    ["5@1", "end T", "OK|"],
    ["5", "start", "2|"],
    ["5@2", "write a newer", "OK|"],
    ["5@2", `write a ${"v".repeat(3000)}`, "ENOSPC"],
    ["5@2", "end T", "ENOMEM"],
    ["5", "read a", "new"],
  );
});
