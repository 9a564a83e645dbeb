import assert from "node:assert/strict";
import test from "node:test";
import { addressProblem } from "../../src/browser/model/address.ts";

const blocks = ["203.0.113.0/24", "2001:db8:10::/64"];

test("an address of the network is fine", () => {
  for (const address of ["203.0.113.7", "2001:db8:10::7"]) {
    assert.equal(addressProblem(address, blocks), undefined);
  }
  assert.equal(addressProblem("10.255.255.255", ["10.0.0.0/8"]), undefined);
});

test("an address of another network is told where it should be", () => {
  assert.equal(addressProblem("203.0.114.7", blocks), "Not in 203.0.113.0/24");
  assert.equal(addressProblem("10.208.192.1", ["10.208.224.0/19"]), "Not in 10.208.224.0/19");
});

test("what is no address is told so", () => {
  for (const text of ["web", "203.0.113", "203.0.113.256", "203.0.113.07", "203.0.113.7/24", "1.2.3.4.5"]) {
    assert.match(addressProblem(text, blocks) ?? "", /^Not an IP address/);
  }
});

test("an IPv6 address is refused where the network has none", () => {
  assert.equal(addressProblem("2001:db8::1", ["10.0.0.0/8"]), "The network has no IPv6");
});
