import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type ActivationDraft,
  activationProblems,
  activationRequest,
} from "../../src/browser/model/activation.ts";

const draft: ActivationDraft = {
  activationKey: "key of ann",
  profile: " webshop ",
  org: "",
  servers: "rhn.example.com, proxy.example.com:8443",
};

const problems = (changes: Partial<ActivationDraft>) => activationProblems({ ...draft, ...changes });

test("a draft becomes what the service takes, without what is empty", () => {
  assert.deepEqual(activationProblems(draft), {});
  assert.deepEqual(activationRequest(draft), {
    activation_key: "key of ann",
    profile: "webshop",
    domains: ["rhn.example.com", "proxy.example.com:8443"],
  });
  assert.equal(activationRequest({ ...draft, org: "4711" }).org, "4711");
  assert.deepEqual(activationRequest({ ...draft, servers: " " }).domains, []);
});

test("each field says what is wrong with it", () => {
  assert.deepEqual(problems({ activationKey: "" }), { activationKey: "Type the key" });
  assert.deepEqual(problems({ activationKey: 'a"b' }), {
    activationKey: "No accents, quotes or backslashes",
  });
  assert.deepEqual(problems({ profile: "-f" }), { profile: "It cannot begin with -" });
  assert.deepEqual(problems({ org: "a\u0007" }), { org: "No control characters" });
  assert.deepEqual(problems({ org: "o".repeat(256) }), { org: "No more than 255 characters" });
  assert.deepEqual(problems({ servers: "a.example/b" }), {
    servers: '"a.example/b" is no host name, with or without :port',
  });
  assert.deepEqual(problems({ servers: "a ".repeat(9) }), { servers: "No more than 8 servers" });
});
