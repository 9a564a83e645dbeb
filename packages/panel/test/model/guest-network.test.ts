import assert from "node:assert/strict";
import test from "node:test";
import { PanelError } from "../../src/browser/errors.ts";
import {
  isAddressTaken,
  type NetworkInterface,
  riskOfDetaching,
  signWord,
  withoutPrefix,
} from "../../src/browser/model/guest-network.ts";

function card(vif: number, gateway: string | null): NetworkInterface {
  return {
    port_id: `port-${vif}`,
    vif,
    network: "net",
    mac: null,
    wanted: { addresses: [], gateway, gateway6: null, dns: [], routes: [] },
    applied: null,
    differences: [],
  };
}

test("the last card of a server is not taken away lightly", () => {
  const last = card(0, null);
  assert.match(riskOfDetaching(last, [last]) ?? "", /last network card/);
  assert.match(riskOfDetaching(last, [last, { ...card(1, null), port_id: null }]) ?? "", /last network card/);
});

test("nor is the one that the default route leads through", () => {
  const all = [card(0, "203.0.113.1"), card(1, null)] as const;
  assert.match(riskOfDetaching(all[0], all) ?? "", /default route/);
  assert.equal(riskOfDetaching(all[1], all), undefined);
});

test("an address that somebody else was quicker with is told from other conflicts", () => {
  const text = "Address 10.0.0.5 of network private is in use";
  assert.equal(isAddressTaken(new PanelError("REFUSED", text, { status: 409 })), true);
  assert.equal(isAddressTaken(new PanelError("REFUSED", text, { status: 400 })), false);
  assert.equal(isAddressTaken(new PanelError("REFUSED", "The guest is silent", { status: 409 })), false);
  assert.equal(isAddressTaken(new Error(text)), false);
});

test("each sign has a word", () => {
  assert.deepEqual(([" ", "+", "-"] as const).map(signWord), ["Unchanged", "Added", "Removed"]);
});

test("an address stands alone without its prefix", () => {
  assert.deepEqual(["10.0.0.5/24", "2001:db8::1/64", "10.0.0.5"].map(withoutPrefix), [
    "10.0.0.5",
    "2001:db8::1",
    "10.0.0.5",
  ]);
});
