import assert from "node:assert/strict";
import { test } from "node:test";
import { MessageType } from "@nova-agent/xenstore";
import { ScriptedStore, storeWithDomains } from "./script.ts";

test("introduce makes a domain known and tells it once", () => {
  new ScriptedStore().run(
    ["0", "watch @introduceDomain t", "OK|", "0: @introduceDomain t"],
    ["0", "introduced 5", "F|"],
    ["0", "introduce 5", "0: @introduceDomain t", "OK|"],
    ["0", "introduced 5", "T|"],
    ["0", "introduce 5", "OK|"],
    ["0", "introduce 0", "OK|"],
    ["0", "introduced 0", "T|"],
    ["0", "introduced 32752", "T|"],
    ["0", "introduce 32753", "ENOENT"],
  );
});

test("introduce of a known domain drops its watches and transactions", () => {
  storeWithDomains().run(
    ["5", "watch name t", "OK|", "5: name t"],
    ["5", "start", "1|"],
    ["0", "introduce 5", "OK|"],
    ["5", "write name x", "OK|"],
    ["5@1", "read name", "ENOENT"],
  );
});

test("malformed requests about domains are EINVAL", () => {
  const script = new ScriptedStore();
  for (const payload of ["", "5|", "5|1|", "5|1|0|", "x|1|1|", "5|x|1|", "65536|1|1|", "5|1|-1|"]) {
    script.run(["0", [MessageType.introduce, payload], "EINVAL"]);
  }
  for (const type of [MessageType.release, MessageType.isDomainIntroduced, MessageType.getDomainPath]) {
    for (const payload of ["", "5", "|", "abc|", "5|5|", "65536|"])
      script.run(["0", [type, payload], "EINVAL"]);
  }
  script.run(["0", [MessageType.introduce, "5|1|1|extra|"], "OK|"]);
});

test("anyone may ask for the path of any domain", () => {
  storeWithDomains().run(
    ["5", "path 9", "/local/domain/9|"],
    ["5", [MessageType.getDomainPath, "05|"], "/local/domain/5|"],
  );
});

test("release removes what the domain owns and voids what it was given", () => {
  const script = storeWithDomains();
  script.run(
    ["5", "write data/x 1", "OK|"],
    ["0", "mkdir /other/of5/below", "OK|"],
    ["0", "setperms /other/of5 n5", "OK|"],
    ["0", "write /given 1", "OK|"],
    ["0", "setperms /given n0 r5 r6", "OK|"],
    ["0b", "watch @releaseDomain t", "OK|", "0b: @releaseDomain t"],
    ["0b", "watch /other w", "OK|", "0b: /other w"],
    ["0b", "watch /local/domain/5/data/x deep", "OK|", "0b: /local/domain/5/data/x deep"],
    [
      "0",
      "release 5",
      "5 ended",
      "0b: /local/domain/5/data/x deep",
      "0b: /other/of5 w",
      "0b: @releaseDomain t",
      "OK|",
    ],
    ["0", "ls /local/domain", "6|"],
    ["0", "ls /other", ""],
    ["0", "getperms /given", "n0|r6|"],
    ["0", "introduced 5", "F|"],
    ["0", "introduce 5", "OK|"],
    ["5new", "read /given", "EACCES"],
    ["6", "read /given", "1"],
    ["0", "control check", "OK|"],
  );
});

test("release of dom0 or of nobody fails", () => {
  new ScriptedStore().run(["0", "release 0", "EINVAL"], ["0", "release 7", "ENOENT"], ["0", "ls /", "tool|"]);
});

test("a domain's end is told once until it resumes", () => {
  const script = storeWithDomains();
  const told: string[] = [];
  const connection = script.store.connect({
    domid: 0,
    peer: {
      reply: () => undefined,
      event: ({ path }) => told.push(path),
      ended: () => undefined,
    },
  });
  const payload = new TextEncoder().encode("@releaseDomain\0t\0");
  connection.handle({ type: MessageType.watch, requestId: 7, transactionId: 0, payload });
  told.length = 0;
  script.store.shutDown(5);
  script.store.shutDown(5);
  script.store.shutDown(9);
  assert.deepEqual(told, ["@releaseDomain"]);
  script.run(["0", "resume 5", "OK|"], ["0", "resume 0", "EINVAL"], ["0", "resume 9", "ENOENT"]);
  script.store.shutDown(5);
  assert.equal(told.length, 2);
});

test("special events reach those who may read the special node", () => {
  storeWithDomains().run(
    ["5", "watch @releaseDomain t", "OK|", "5: @releaseDomain t"],
    ["0", "introduce 7", "OK|"],
    ["0", "release 7", "OK|"],
    ["0", "setperms @releaseDomain n0 r5", "OK|"],
    ["0", "introduce 7", "OK|"],
    ["0", "release 7", "5: @releaseDomain t", "OK|"],
  );
});

test("a special watch with a depth, or for one domain, is told which", () => {
  storeWithDomains().run(
    ["0b", "watch @releaseDomain plain", "OK|", "0b: @releaseDomain plain"],
    ["0b", "watch @releaseDomain deep 1", "OK|", "0b: @releaseDomain deep"],
    ["0b", "watch @releaseDomain/6 six", "OK|", "0b: @releaseDomain/6 six"],
    ["0", "release 5", "0b: @releaseDomain plain", "0b: @releaseDomain/5 deep", "OK|"],
    [
      "0",
      "release 6",
      "0b: @releaseDomain plain",
      "0b: @releaseDomain/6 deep",
      "0b: @releaseDomain/6 six",
      "OK|",
    ],
  );
});

test("domains that come and go are told to observers before the request is answered", () => {
  const script = new ScriptedStore();
  const seen: string[] = [];
  const stop = script.store.observe({
    introduced: (domid) => seen.push(`+${domid}`),
    released: (domid) => seen.push(`-${domid}`),
  });
  script.run(["0", "introduce 5", "OK|"], ["0", "introduce 5", "OK|"], ["0", "release 5", "OK|"]);
  assert.equal(script.store.introduce(6), true);
  assert.deepEqual(script.store.introducedDomains(), [6]);
  assert.equal(script.store.release(6), true);
  assert.equal(script.store.release(6), false);
  stop();
  script.run(["0", "introduce 7", "OK|"]);
  assert.deepEqual(seen, ["+5", "-5", "+6", "-6"]);
});

test("a released domain's connection answers nothing more", () => {
  storeWithDomains().run(
    ["5", "read name", "ENOENT"],
    ["0", "release 5", "5 ended", "OK|"],
    ["5", "read name"],
  );
});

test("features are told, and may be denied before the introduction", () => {
  storeWithDomains().run(
    ["5", "features", "4|"],
    ["0", "features 7", "4|"],
    ["0", "setfeatures 7 0", "OK|"],
    ["0", "setfeatures 7 8", "EINVAL"],
    ["0", "setfeatures 5 0", "EBUSY"],
    ["0", "setfeatures 40000 0", "ENOENT"],
    ["0", "introduce 7", "OK|"],
    ["7", "features", "0|"],
    ["7", "watch name t 1", "EINVAL"],
    ["5", "watch name t 1", "OK|", "5: name t"],
    ["0", [MessageType.getFeature, "5|6|"], "EINVAL"],
  );
});
