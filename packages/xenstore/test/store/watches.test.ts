import { test } from "node:test";
import { MessageType } from "@nova-agent/xenstore";
import { ScriptedStore, storeWithDomains } from "./script.ts";

test("a watch is answered first and then told once at once, whatever its path", () => {
  storeWithDomains().run(
    ["0", "watch /missing/x t", "OK|", "0: /missing/x t"],
    ["5", "watch /tool t", "OK|", "5: /tool t"],
    ["5", "watch @releaseDomain t", "OK|", "5: @releaseDomain t"],
    ["5", "watch @unheard t", "OK|", "5: @unheard t"],
    ["5", "watch name t", "OK|", "5: name t"],
  );
});

test("one watch a path and token; a relative path is the same as its absolute one", () => {
  storeWithDomains().run(
    ["5", "watch name t", "OK|", "5: name t"],
    ["5", "watch name t", "EEXIST"],
    ["5", "watch /local/domain/5/name t", "EEXIST"],
    ["5b", "watch name t", "OK|", "5b: name t"],
    ["5", "watch name u", "OK|", "5: name u"],
    ["5", "unwatch /local/domain/5/name t", "OK|"],
    ["5", "unwatch name t", "ENOENT"],
    ["0", "write /local/domain/5/name x", "5b: name t", "5: name u", "OK|"],
  );
});

test("malformed watches are EINVAL", () => {
  new ScriptedStore().run(
    ["0", [MessageType.watch, "/a|"], "EINVAL"],
    ["0", [MessageType.watch, "/a|t|1|2|"], "EINVAL"],
    ["0", [MessageType.watch, "/a|t|-1|"], "EINVAL"],
    ["0", [MessageType.watch, "/a.b|t|"], "EINVAL"],
    ["0", [MessageType.watch, "@a.b|t|"], "EINVAL"],
    ["0", [MessageType.watch, "|t|"], "EINVAL"],
    ["0", [MessageType.unwatch, "/a|t|u|"], "EINVAL"],
    ["0", [MessageType.watch, "/a||"], "OK|", "0: /a "],
  );
});

test("a change is told at its node and above, once a watch, before the writer's own reply", () => {
  new ScriptedStore().run(
    ["0", "watch / root", "OK|", "0: / root"],
    ["0", "watch /a/b one", "OK|", "0: /a/b one"],
    ["0", "watch /a/b two", "OK|", "0: /a/b two"],
    ["0", "watch /a/bc other", "OK|", "0: /a/bc other"],
    ["0", "write /a/b/c 1", "0: /a/b/c root", "0: /a/b/c one", "0: /a/b/c two", "OK|"],
    ["0", "write /a/b/c 1", "0: /a/b/c root", "0: /a/b/c one", "0: /a/b/c two", "OK|"],
    ["0", "write /a 1", "0: /a root", "OK|"],
    ["0", "setperms /a/b n0 r5", "0: /a/b root", "0: /a/b one", "0: /a/b two", "OK|"],
  );
});

test("one connection's watches are told in the order of their registration", () => {
  new ScriptedStore().run(
    ["0b", "watch /a/b first", "OK|", "0b: /a/b first"],
    ["0b", "watch / second", "OK|", "0b: / second"],
    ["0b", "watch /a third", "OK|", "0b: /a third"],
    ["0", "write /a/b 1", "0b: /a/b first", "0b: /a/b second", "0b: /a/b third", "OK|"],
  );
});

test("nothing is told of what did not change, nor of parents made on the way", () => {
  new ScriptedStore().run(
    ["0", "watch / w", "OK|", "0: / w"],
    ["0", "mkdir /x/y/z", "0: /x/y/z w", "OK|"],
    ["0", "mkdir /x/y/z", "OK|"],
    ["0", "rm /x/y/missing", "OK|"],
    ["0", "read /x", ""],
    ["0", "write /bad.path 1", "EINVAL"],
  );
});

test("a removal is told above with its path, below to what was there with their own", () => {
  new ScriptedStore().run(
    ["0", "write /a/b/c 1", "OK|"],
    ["0b", "watch / top", "OK|", "0b: / top"],
    ["0b", "watch /a at", "OK|", "0b: /a at"],
    ["0b", "watch /a/b mid", "OK|", "0b: /a/b mid"],
    ["0b", "watch /a/b/c leaf", "OK|", "0b: /a/b/c leaf"],
    ["0b", "watch /a/b/x none", "OK|", "0b: /a/b/x none"],
    ["0", "rm /a", "0b: /a/b/c leaf", "0b: /a/b mid", "0b: /a top", "0b: /a at", "OK|"],
  );
});

test("who may read the node or its parent is told, by the permissions before and after", () => {
  storeWithDomains().run(
    ["0", "mkdir /open/x", "OK|"],
    ["0", "setperms /open r0", "OK|"],
    ["0", "setperms /open/x n0", "OK|"],
    ["0", "mkdir /shut/x", "OK|"],
    ["5", "watch /open w", "OK|", "5: /open w"],
    ["5", "watch /shut w", "OK|", "5: /shut w"],
    ["0", "write /open/x 1", "5: /open/x w", "OK|"],
    ["0", "write /shut/x 1", "OK|"],
    ["0", "setperms /shut/x n0 r5", "5: /shut/x w", "OK|"],
    ["0", "write /shut/x 2", "5: /shut/x w", "OK|"],
    ["0", "setperms /shut/x n0", "5: /shut/x w", "OK|"],
    ["0", "write /shut/x 3", "OK|"],
    ["0", "setperms /shut/x r0", "5: /shut/x w", "OK|"],
    ["5", "watch /shut/x leaf", "OK|", "5: /shut/x leaf"],
    ["0", "rm /shut", "5: /shut/x leaf", "OK|"],
  );
});

test("a relative watch hears relative paths", () => {
  storeWithDomains().run(
    ["5", "watch device dev", "OK|", "5: device dev"],
    ["0", "write /local/domain/5/device/vif/0 1", "5: device/vif/0 dev", "OK|"],
    ["0", "rm /local/domain/5", "5: device dev", "OK|"],
  );
});

test("a depth limits how far below the path a watch looks", () => {
  new ScriptedStore().run(
    ["0b", "watch /a zero 0", "OK|", "0b: /a zero"],
    ["0b", "watch /a one 1", "OK|", "0b: /a one"],
    ["0", "write /a 1", "0b: /a zero", "0b: /a one", "OK|"],
    ["0", "write /a/b 1", "0b: /a/b one", "OK|"],
    ["0", "write /a/b/c 1", "OK|"],
  );
});

test("unwatched, reset or closed, a watch hears nothing more", () => {
  const script = new ScriptedStore();
  script.run(
    ["0a", "watch /a t", "OK|", "0a: /a t"],
    ["0b", "watch /a t", "OK|", "0b: /a t"],
    ["0c", "watch /a t", "OK|", "0c: /a t"],
    ["0a", "unwatch /a t", "OK|"],
    ["0b", "reset", "OK|"],
  );
  script.close("0c");
  script.run(["0", "write /a 1", "OK|"], ["0b", "unwatch /a t", "ENOENT"]);
});

test("an event that would not fit a packet is not sent", () => {
  const path = `/${"p".repeat(2000)}`;
  const fits = "t".repeat(4096 - 2 - path.length - 2);
  new ScriptedStore().run(
    ["0b", `watch ${path} ${fits}`, "OK|", `0b: ${path} ${fits}`],
    ["0", `write ${path}/x 1`, `0b: ${path}/x ${fits}`, "OK|"],
    ["0", `write ${path}/xy 1`, "OK|"],
  );
});
