import assert from "node:assert/strict";
import test from "node:test";
import {
  firstFree,
  isForHosts,
  netmaskOf,
  parseAddress,
  parseBlock,
  renderAddress,
} from "../../src/instances/addresses.ts";
import { hasCode } from "../support/has-code.ts";

test("addresses are read in every spelling and written in one", () => {
  const spellings = {
    "203.0.113.9": "203.0.113.9",
    "2001:DB8:0:0:0:0:0:1": "2001:db8::1",
    "::": "::",
    "::1": "::1",
    "fe80::": "fe80::",
    "2001:db8:0:1:0:0:0:1": "2001:db8:0:1::1",
    "1:0:2:0:3:0:4:0": "1:0:2:0:3:0:4:0",
  };
  for (const [text, canonical] of Object.entries(spellings)) {
    const address = parseAddress(text);
    assert.ok(address !== undefined, text);
    assert.equal(renderAddress(address), canonical);
  }
});

test("what is no address is not read as one", () => {
  for (const text of [
    "",
    "1.2.3",
    "1.2.3.256",
    "1.2.3.4.5",
    "1:2",
    "1::2::3",
    "::12345",
    "1:2:3:4:5:6:7:8:9",
    "x::",
  ]) {
    assert.equal(parseAddress(text), undefined, text);
  }
});

test("a network is its block, whichever of its addresses is named", () => {
  const block = parseBlock("10.208.227.239/19");
  assert.equal(renderAddress(block), "10.208.224.0");
  assert.equal(netmaskOf(block), "255.255.224.0");
  assert.equal(netmaskOf({ prefixLength: 0 }), "0.0.0.0");
  for (const cidr of ["10.0.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", "x/8", "::/129"]) {
    assert.throws(() => parseBlock(cidr), hasCode("BAD_ARGUMENT"), cidr);
  }
});

/** Every address that is given out, in order. */
function free(cidr: string): string[] {
  const used: string[] = [];
  for (let next = firstFree(parseBlock(cidr), used); next !== undefined;) {
    used.push(next);
    next = firstFree(parseBlock(cidr), used);
  }
  return used;
}

test("hosts have neither the first nor the last address of an IPv4 block, but both of a pair", () => {
  assert.deepEqual(free("192.0.2.8/30"), ["192.0.2.9", "192.0.2.10"]);
  assert.deepEqual(free("192.0.2.8/31"), ["192.0.2.8", "192.0.2.9"]);
  assert.deepEqual(free("2001:db8::/126"), ["2001:db8::1", "2001:db8::2", "2001:db8::3"]);
});

test("an address of another block or family is not for the block's hosts", () => {
  const block = parseBlock("192.0.2.0/24");
  for (const text of ["192.0.3.1", "::1", "192.0.2.0", "192.0.2.255"]) {
    const address = parseAddress(text);
    assert.ok(address !== undefined);
    assert.equal(isForHosts(address, block), false, text);
  }
});
