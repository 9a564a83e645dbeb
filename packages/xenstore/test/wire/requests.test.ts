import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  decodeLatin1,
  encodeLatin1,
  encodeRequest,
  MessageType,
  parseRequest,
  type Request,
  requestType,
} from "@nova-agent/xenstore";
import { anyRequest } from "./arbitrary.ts";

/** Every kind of request with its payload, `|` for nul (xenstore.txt). */
const golden: readonly (readonly [Request, type: number, payload: string])[] = [
  [{ type: "control", arguments: ["print", "5"] }, 0, "print|5|"],
  [{ type: "directory", path: "/local" }, 1, "/local|"],
  [{ type: "read", path: "name" }, 2, "name|"],
  [{ type: "getPermissions", path: "@releaseDomain" }, 3, "@releaseDomain|"],
  [{ type: "watch", path: "/a", token: "t" }, 4, "/a|t|"],
  [{ type: "watch", path: "/a", token: "t", depth: 2 }, 4, "/a|t|2|"],
  [{ type: "unwatch", path: "/a", token: "" }, 5, "/a||"],
  [{ type: "transactionStart" }, 6, "|"],
  [{ type: "transactionEnd", commit: true }, 7, "T|"],
  [{ type: "transactionEnd", commit: false }, 7, "F|"],
  [{ type: "introduce", domid: 5, gfn: 1_044_476, port: 3 }, 8, "5|1044476|3|"],
  [{ type: "release", domid: 5 }, 9, "5|"],
  [{ type: "getDomainPath", domid: 65_535 }, 10, "65535|"],
  [{ type: "write", path: "/a", value: new Uint8Array([0x78, 0, 0x79]) }, 11, "/a|x|y"],
  [{ type: "write", path: "/a", value: new Uint8Array() }, 11, "/a|"],
  [{ type: "makeDirectory", path: "/a" }, 12, "/a|"],
  [{ type: "remove", path: "/a" }, 13, "/a|"],
  [
    {
      type: "setPermissions",
      path: "/a",
      permissions: [
        { domid: 5, read: false, write: false },
        { domid: 0, read: true, write: true },
      ],
    },
    14,
    "/a|n5|b0|",
  ],
  [{ type: "isDomainIntroduced", domid: 32_752 }, 17, "32752|"],
  [{ type: "resume", domid: 5 }, 18, "5|"],
  [{ type: "setTarget", domid: 6, target: 5 }, 19, "6|5|"],
  [{ type: "resetWatches" }, 21, "|"],
  [{ type: "directoryPart", path: "/a", offset: 4000 }, 22, "/a|4000|"],
  [{ type: "getFeature" }, 23, ""],
  [{ type: "getFeature", domid: 5 }, 23, "5|"],
  [{ type: "setFeature", domid: 5, features: 4 }, 24, "5|4|"],
  [{ type: "getQuota" }, 25, ""],
  [{ type: "getQuota", quota: "nodes" }, 25, "nodes|"],
  [{ type: "getQuota", domid: 5, quota: "nodes" }, 25, "5|nodes|"],
  [{ type: "setQuota", quota: "nodes", value: 10 }, 26, "nodes|10|"],
  [{ type: "setQuota", domid: 5, quota: "nodes", value: 0 }, 26, "5|nodes|0|"],
];

for (const [request, type, payload] of golden) {
  void test(`${request.type} is ${type} with "${payload}", both ways`, () => {
    assert.equal(requestType(request), type);
    assert.equal(decodeLatin1(encodeRequest(request)).replaceAll("\0", "|"), payload);
    assert.deepEqual(parseRequest(type, encodeLatin1(payload.replaceAll("|", "\0"))), request);
  });
}

test("any request is read back as it was written", () => {
  fc.assert(
    fc.property(anyRequest, (request) => {
      assert.deepEqual(parseRequest(requestType(request), encodeRequest(request)), request);
    }),
  );
});

test("any bytes are a request or an error name, and never throw", () => {
  const types = [...Object.values(MessageType), 20, 27, 0xffffffff];
  fc.assert(
    fc.property(fc.constantFrom(...types), fc.uint8Array({ maxLength: 40 }), (type, payload) => {
      const result = parseRequest(type, payload);
      if (typeof result === "string") assert.ok(result === "EINVAL" || result === "ENOSYS");
      else assert.equal(requestType(result), type);
    }),
  );
});

test("a text with a nul is refused: it would end early and name another node", () => {
  for (const request of [
    { type: "read", path: "/a\0b" },
    { type: "write", path: "/a\0b", value: new Uint8Array() },
    { type: "watch", path: "/a", token: "\0" },
  ] as const) {
    assert.throws(() => encodeRequest(request), { code: "EINVAL" });
  }
});

test("characters beyond ASCII go out as UTF-8 for the server to refuse", () => {
  assert.deepEqual([...encodeRequest({ type: "read", path: "/é" })], [0x2f, 0xc3, 0xa9, 0]);
});
