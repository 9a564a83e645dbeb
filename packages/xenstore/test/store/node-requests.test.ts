import { test } from "node:test";
import { MessageType } from "@nova-agent/xenstore";
import { ScriptedStore, storeWithDomains } from "./script.ts";

test("a new store holds what C xenstored begins with", () => {
  new ScriptedStore().run(
    ["0", "ls /", "tool|"],
    ["0", "ls /tool", "xenstored|"],
    ["0", "ls /tool/xenstored", ""],
    ["0", "read /", ""],
    ["0", "getperms /tool/xenstored", "n0|"],
  );
});

test("write makes a node with its parents, and read gives the value byte for byte", () => {
  new ScriptedStore().run(
    ["0", "write /a/b/c one", "OK|"],
    ["0", "read /a/b/c", "one"],
    ["0", "read /a/b", ""],
    ["0", [MessageType.write, "/a/b/c|x|y|"], "OK|"],
    ["0", "read /a/b/c", "x|y|"],
    ["0", [MessageType.write, "/a|"], "OK|"],
    ["0", "read /a", ""],
    ["0", "ls /a", "b|"],
    ["0", "write / root", "OK|"],
    ["0", "read /", "root"],
  );
});

test("a value that is read stays when the sender's buffer is used again", () => {
  const script = new ScriptedStore();
  const payload = new Uint8Array([0x2f, 0x61, 0, 0x31]);
  script.connect("0").handle({ type: MessageType.write, requestId: 7, transactionId: 0, payload });
  payload.fill(0x7a);
  script.run(["0", "read /a", "1"]);
});

test("mkdir makes a node, and leaves an existing one with its value", () => {
  new ScriptedStore().run(
    ["0", "mkdir /a/b", "OK|"],
    ["0", "write /a/b value", "OK|"],
    ["0", "mkdir /a/b", "OK|"],
    ["0", "read /a/b", "value"],
  );
});

test("rm takes the node with all below it; a missing one is gone already", () => {
  new ScriptedStore().run(
    ["0", "write /a/b/c 1", "OK|"],
    ["0", "rm /a/b", "OK|"],
    ["0", "read /a/b/c", "ENOENT"],
    ["0", "rm /a/b", "OK|"],
    ["0", "rm /a/b/c", "ENOENT"],
    ["0", "rm /", "EINVAL"],
    ["0", "ls /", "tool|a|"],
  );
});

test("directory lists in the order of creation, one made again last", () => {
  new ScriptedStore().run(
    ["0", "mkdir /d/c", "OK|"],
    ["0", "mkdir /d/a", "OK|"],
    ["0", "mkdir /d/b", "OK|"],
    ["0", "ls /d", "c|a|b|"],
    ["0", "rm /d/c", "OK|"],
    ["0", "mkdir /d/c", "OK|"],
    ["0", "write /d/a 1", "OK|"],
    ["0", "ls /d", "a|b|c|"],
    ["0", "ls /missing", "ENOENT"],
  );
});

test("a relative path begins at the caller's own domain", () => {
  storeWithDomains().run(
    ["5", "write name guest", "OK|"],
    ["0", "read /local/domain/5/name", "guest"],
    ["0", "write name host", "OK|"],
    ["0", "read /local/domain/0/name", "host"],
  );
});

test("what is no path is EINVAL", () => {
  const script = new ScriptedStore();
  for (const path of ["", "//", "/a/", "/a//b", "a/", "/a.b", "/a+b", "/a:b", "/~", "/a b", "/ä", "@x"]) {
    script.run(
      ["0", [MessageType.read, `${path}|`], "EINVAL"],
      ["0", [MessageType.write, `${path}|1`], "EINVAL"],
    );
  }
  script.run(["0", "write /A-z/0_9@x 1", "OK|"], ["0", "read /A-z/0_9@x", "1"]);
});

test("a path is at most 2048 bytes long, a leading domain path not counted", () => {
  const longest = "x".repeat(2047);
  new ScriptedStore().run(
    ["0", `write /${longest} 1`, "OK|"],
    ["0", `write /x${longest} 1`, "EINVAL"],
    ["0", `write /local/domain/5/x${longest} 1`, "OK|"],
    ["0", `write /local/domain/5/xx${longest} 1`, "EINVAL"],
    ["0", `write x${longest} 1`, "OK|"],
  );
});

test("a malformed payload is EINVAL", () => {
  new ScriptedStore().run(
    ["0", [MessageType.read, ""], "EINVAL"],
    ["0", [MessageType.read, "/tool"], "EINVAL"],
    ["0", [MessageType.read, "/tool|x"], "EINVAL"],
    ["0", [MessageType.read, "/tool||"], "EINVAL"],
    ["0", [MessageType.write, "/tool"], "EINVAL"],
    ["0", [MessageType.setPermissions, "/tool|"], "EINVAL"],
    ["0", [MessageType.setPermissions, "/tool|x0|"], "EINVAL"],
    ["0", [MessageType.setPermissions, "/tool|n0|junk"], "OK|"],
    ["0", [MessageType.setPermissions, "/tool|n0x0|r0x1f|b010|"], "OK|"],
    ["0", "getperms /tool", "n0|r31|b8|"],
  );
});

test("a type that no client sends is ENOSYS, before all else", () => {
  const script = storeWithDomains();
  for (const type of [15, 16, 20, 27, 4_294_967_295]) {
    script.run(["0", [type, "|"], "ENOSYS"], ["5@9", [type, ""], "ENOSYS"]);
  }
});

test("a list or value over 4096 bytes is E2BIG, and the list comes in parts", () => {
  const script = new ScriptedStore();
  for (let index = 0; index < 400; index += 1) script.ask("0", `mkdir /d/name-${index}-long`);
  const names = Array.from({ length: 400 }, (_, index) => `name-${index}-long|`).join("");
  script.run(["0", "ls /d", "E2BIG"]);
  const [first = ""] = script.ask("0", "part /d 0");
  const [generation = ""] = first.split("|");
  const taken = first.slice(generation.length + 1);
  script.run(["0", `part /d ${taken.length}`, `${generation}|${names.slice(taken.length)}|`]);
  if (!names.startsWith(taken) || !taken.endsWith("|")) throw new Error(`Not whole names: ${taken}`);
});

test("a part of a list tells the node's generation, which the child's value leaves", () => {
  const script = new ScriptedStore();
  script.run(["0", "mkdir /d/a", "OK|"], ["0", "mkdir /d/b", "OK|"]);
  const [list = ""] = script.ask("0", "part /d 0");
  const [generation = "0"] = list.split("|");
  script.run(
    ["0", "part /d 0", `${generation}|a|b||`],
    ["0", "part /d 2", `${generation}|b||`],
    ["0", "part /d 4", `${generation}||`],
    ["0", "part /d 99", `${generation}||`],
    ["0", [MessageType.directoryPart, "/d|abc|"], `${generation}|a|b||`],
    ["0", [MessageType.directoryPart, "/d|"], "EINVAL"],
    ["0", "write /d/a 1", "OK|"],
    ["0", "part /d 0", `${generation}|a|b||`],
  );
  for (const change of ["write /d 1", "setperms /d n0", "mkdir /d/c", "rm /d/a"]) {
    const [before] = script.ask("0", "part /d 99");
    script.run(["0", change, "OK|"]);
    const [after] = script.ask("0", "part /d 99");
    if (before === after) throw new Error(`"${change}" left the generation ${before}`);
  }
});
