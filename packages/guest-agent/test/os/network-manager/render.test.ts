import assert from "node:assert/strict";
import { test } from "node:test";
import { parseIni, renderIni } from "../../../src/ini-file.ts";
import { mergeProfile } from "../../../src/os/network-manager/render.ts";
import { networkModels, wantedOf } from "../models.ts";

const uuid = "7c9fd2d9-5d0e-3b4f-8f43-3c0bd5f1b1aa";
const profile = `[connection]\nid=office\nuuid=${uuid}\ntype=ethernet\n\n[ethernet]\nwake-on-lan=64\n`;

/** A user's profile, made to say a model of the table. */
function merge(text: string, model: string): string {
  const network = networkModels[model];
  assert.ok(network);
  const [wanted] = wantedOf(network).interfaces;
  assert.ok(wanted);
  return renderIni(mergeProfile(parseIni(text), { wanted, priority: 0, uuid }));
}

test("an MTU of the host's goes from a user's profile once the host no longer names it", () => {
  const plain = merge(profile, "address and gateway");
  const once = merge(profile, "an MTU");
  assert.match(once, /^mtu=1400$/m);
  assert.equal(merge(once, "an MTU"), once);
  assert.equal(merge(once, "address and gateway"), plain);
});

test("an MTU of the user's stays where the host names none", () => {
  assert.match(merge(`${profile}mtu=1450\n`, "address and gateway"), /^mtu=1450$/m);
});
