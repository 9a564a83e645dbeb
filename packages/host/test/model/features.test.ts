import assert from "node:assert/strict";
import test from "node:test";
import { parseFeatures } from "../../src/model/features.ts";

test("features are the names between commas, each once, without blanks", () => {
  assert.deepEqual(parseFeatures("version, features,password,,version,injectfile\n"), [
    "version",
    "features",
    "password",
    "injectfile",
  ]);
});

test("an empty message offers nothing", () => {
  assert.deepEqual(parseFeatures(""), []);
});
