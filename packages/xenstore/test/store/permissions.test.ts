import { test } from "node:test";
import { MessageType } from "@nova-agent/xenstore";
import { ScriptedStore, storeWithDomains } from "./script.ts";

test("the owner may do everything, others what the first entry for them says, else the default", () => {
  storeWithDomains().run(
    ["0", "write /n 1", "OK|"],
    ["0", "setperms /n n5 r6 b6 w7", "OK|"],
    ["5", "write /n 2", "OK|"],
    ["5", "read /n", "2"],
    ["6", "read /n", "2"],
    ["6", "write /n 3", "EACCES"],
    ["7", "write /n 3", "OK|"],
    ["7", "read /n", "EACCES"],
    ["8", "read /n", "EACCES"],
    ["0", "setperms /n b5 n6", "OK|"],
    ["8", "write /n 4", "OK|"],
    ["6", "read /n", "EACCES"],
  );
});

test("only the node itself counts, not what stands above it", () => {
  storeWithDomains().run(
    ["0", "write /a/b 1", "OK|"],
    ["0", "setperms /a/b r0", "OK|"],
    ["5", "read /a", "EACCES"],
    ["5", "read /a/b", "1"],
    ["0", "setperms /a/b b0", "OK|"],
    ["5", "rm /a/b", "OK|"],
  );
});

test("a missing node is ENOENT for those with the right on its nearest ancestor, else EACCES", () => {
  storeWithDomains().run(
    ["5", "read missing/x/y", "ENOENT"],
    ["5", "read /missing", "EACCES"],
    ["5", "read /local/domain/6/missing", "EACCES"],
    ["5", "rm /local/domain/6/missing", "EACCES"],
    ["5", "write /local/domain/6/missing 1", "EACCES"],
    ["0", "setperms /local/domain/6 r6", "OK|"],
    ["5", "read /local/domain/6/missing", "ENOENT"],
    ["5", "mkdir /local/domain/6/missing", "EACCES"],
    ["0", "read /missing/x", "ENOENT"],
  );
});

test("a new node copies the permissions above it, but what a guest makes is its own", () => {
  storeWithDomains().run(
    ["0", "setperms /local/domain/5 n5 b6", "OK|"],
    ["6", "write /local/domain/5/x/y 1", "OK|"],
    ["0", "getperms /local/domain/5/x", "n6|b6|"],
    ["0", "getperms /local/domain/5/x/y", "n6|b6|"],
    ["5", "read /local/domain/5/x/y", "EACCES"],
    ["5", "write /local/domain/5/z 1", "OK|"],
    ["0", "write /local/domain/5/host 1", "OK|"],
    ["0", "getperms /local/domain/5/host", "n5|b6|"],
    ["0", "getperms /local/domain/5/z", "n5|b6|"],
  );
});

test("rm needs the right on the node alone and takes what others own below", () => {
  storeWithDomains().run(
    ["0", "setperms /local/domain/5 n5 b6", "OK|"],
    ["6", "write /local/domain/5/x 1", "OK|"],
    ["5", "rm /local/domain/5/x", "EACCES"],
    ["5", "rm /local/domain/5", "OK|"],
    ["0", "read /local/domain/5/x", "ENOENT"],
  );
});

test("directory shows names that cannot be read", () => {
  storeWithDomains().run(
    ["0", "write /local/domain/5/secret 1", "OK|"],
    ["0", "setperms /local/domain/5/secret n0", "OK|"],
    ["5", "ls .".replace(".", "/local/domain/5"), "secret|"],
    ["5", "read secret", "EACCES"],
  );
});

test("permissions are the owner's to change, but for the owner itself", () => {
  storeWithDomains().run(
    ["5", "setperms /local/domain/5 b5 r6", "OK|"],
    ["6", "read /local/domain/5", ""],
    ["5", "setperms /local/domain/5 b6", "EPERM"],
    ["5", "setperms /local/domain/6 n5", "EACCES"],
    ["6", "setperms /local/domain/5 n5", "EACCES"],
    ["5", "setperms missing n5", "ENOENT"],
    ["5", "setperms /local/domain/5 n5 r0 r1 r2 r3", "OK|"],
    ["5", "setperms /local/domain/5 n5 r0 r1 r2 r3 r4", "ENOSPC"],
    ["0", "setperms /local/domain/5 n6 r0 r1 r2 r3 r4", "OK|"],
    ["5", "read /local/domain/5", "EACCES"],
  );
});

test("an owner that does not exist is ENOENT, another one is kept without effect", () => {
  const alive = new Set([5]);
  const script = new ScriptedStore({ domainExists: (domid) => alive.has(domid) });
  script.run(
    ["0", "write /n 1", "OK|"],
    ["0", "setperms /n n9", "ENOENT"],
    ["0", "setperms /n n0 r9", "OK|"],
    ["0", "getperms /n", "n0|r9|"],
    ["0", "introduce 9", "ENOENT"],
  );
  alive.add(9);
  script.run(
    ["0", "introduce 9", "OK|"],
    ["9", "read /n", "EACCES"],
    ["0", "write /n 2", "OK|"],
    ["9", "read /n", "EACCES"],
    ["0", "setperms /n n0 r9", "OK|"],
    ["9", "read /n", "2"],
  );
});

test("a domain with a target has its rights, too", () => {
  storeWithDomains().run(
    ["5", "write data 1", "OK|"],
    ["6", "read /local/domain/5/data", "EACCES"],
    ["0", "target 6 5", "OK|"],
    ["6", "read /local/domain/5/data", "1"],
    ["6", "setperms /local/domain/5/data r5", "OK|"],
    ["0", "write /n 1", "OK|"],
    ["0", "setperms /n n0 r5 b6", "OK|"],
    ["6", "write /n 2", "EACCES"],
    ["0", "target 6 9", "ENOENT"],
    ["0", "target 9 6", "ENOENT"],
    ["0", [MessageType.setTarget, "6|"], "EINVAL"],
  );
});

test("a target that was released gives no rights to what has its number later", () => {
  storeWithDomains().run(
    ["0", "target 6 5", "OK|"],
    ["0", "release 5", "OK|"],
    ["0", "introduce 5", "OK|"],
    ["0", "write /local/domain/5 new", "OK|"],
    ["0", "setperms /local/domain/5 n5", "OK|"],
    ["6", "read /local/domain/5", "EACCES"],
  );
});

test("the special nodes have permissions, which dom0 may change", () => {
  storeWithDomains().run(
    ["0", "getperms @releaseDomain", "n0|"],
    ["0", "getperms @introduceDomain", "n0|"],
    ["5", "getperms @releaseDomain", "EACCES"],
    ["5", "setperms @releaseDomain r5", "EACCES"],
    ["0", "setperms @releaseDomain n0 r5", "OK|"],
    ["5", "getperms @releaseDomain", "n0|r5|"],
    ["0", "setperms @other n0", "EINVAL"],
    ["0", "getperms @other", "EINVAL"],
  );
});

test("what only dom0 may do is EACCES for others, before anything is parsed", () => {
  const script = storeWithDomains();
  for (const type of [0, 8, 9, 17, 18, 19, 24, 25, 26]) script.run(["5@9", [type, "junk"], "EACCES"]);
  script.run(["5", "features 6", "EACCES"]);
});
