import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  encodeDump,
  joinAddresses,
  NetlinkType,
  parseMessages,
  readAddress,
  readLink,
} from "../../src/network/netlink.ts";

/** An attribute (rtnetlink(7)), padded to four bytes. */
function attribute(type: number, value: readonly number[]): number[] {
  const length = value.length + 4;
  const padding = Array.from({ length: -length & 3 }, () => 0);
  return [length & 0xff, length >> 8, type, 0, ...value, ...padding];
}

function message(type: number, payload: readonly number[]): number[] {
  const length = payload.length + 16;
  return [length & 0xff, length >> 8, 0, 0, type, 0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, ...payload];
}

const UP = 0x1;
const RUNNING = 0x40;

function link(index: number, { name, flags }: { name: string; flags: number }): Uint8Array {
  const words = [0, 0, 1, 0, index, 0, 0, 0, flags & 0xff, flags >> 8, 1, 0, 0, 0, 0, 0];
  return Uint8Array.from([...words, ...attribute(3, [...Buffer.from(`${name}\0`)])]);
}

interface AddressParts {
  readonly flags?: number;
  readonly attributes: readonly number[];
}

function address(family: number, { flags = 0x80, attributes }: AddressParts): Uint8Array {
  return Uint8Array.from([family, 24, flags, 0, 3, 0, 0, 0, ...attributes]);
}

const documentation = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5];

test("a dump is asked for with the flags of netlink(7), for every family", () => {
  assert.equal(
    Buffer.from(encodeDump(NetlinkType.getAddress)).toString("hex"),
    "20000000160001030000000000000000" + "00".repeat(16),
  );
});

test("messages are cut where they end, and what is cut off is dropped", () => {
  const bytes = Uint8Array.from([...message(16, [1, 2, 3]), 0, ...message(3, [0, 0, 0, 0]), 40, 0, 0, 0]);
  assert.deepEqual(
    parseMessages(bytes).map(({ type, payload }) => ({ type, payload: [...payload] })),
    [
      { type: 16, payload: [1, 2, 3] },
      { type: 3, payload: [0, 0, 0, 0] },
    ],
  );
});

test("an interface has its index, its name, and whether it is up with a carrier", () => {
  assert.deepEqual(readLink(link(3, { name: "enX0", flags: UP | RUNNING })), {
    index: 3,
    name: "enX0",
    isRunning: true,
  });
  assert.equal(readLink(link(3, { name: "enX0", flags: UP }))?.isRunning, false);
});

test("an address is the interface's own, not that of its peer", () => {
  const attributes = [...attribute(1, [10, 1, 0, 2]), ...attribute(2, [10, 1, 0, 1])];
  assert.deepEqual(readAddress(address(2, { attributes })), { index: 3, address: "10.1.0.1" });
  assert.deepEqual(readAddress(address(10, { attributes: attribute(1, documentation) })), {
    index: 3,
    address: "2001:db8::5",
  });
});

test("an address that another on the link has, or may have, is none", () => {
  const attributes = attribute(1, documentation);
  const flags = { dadFailed: 0x88, tentative: 0xc0, optimistic: 0xc4 };
  assert.equal(readAddress(address(10, { flags: flags.dadFailed, attributes })), undefined);
  assert.equal(readAddress(address(10, { flags: flags.tentative, attributes })), undefined);
  assert.notEqual(readAddress(address(10, { flags: flags.optimistic, attributes })), undefined);
});

test("addresses of other families and of the wrong length are none", () => {
  assert.equal(readAddress(address(7, { attributes: attribute(1, [1, 2, 3, 4]) })), undefined);
  assert.equal(readAddress(address(2, { attributes: attribute(1, [1, 2, 3]) })), undefined);
});

test("only addresses of interfaces that run count, in the interfaces' order", () => {
  const links = [
    { index: 2, name: "eth1", isRunning: false },
    { index: 5, name: "eth0", isRunning: true },
    { index: 4, name: "br0", isRunning: true },
  ];
  const addresses = [
    { index: 4, address: "192.0.2.4" },
    { index: 2, address: "192.0.2.2" },
    { index: 5, address: "192.0.2.5" },
    { index: 5, address: "fe80::5" },
  ];
  assert.deepEqual(joinAddresses(links, addresses), [
    { interfaceName: "eth0", address: "192.0.2.5" },
    { interfaceName: "eth0", address: "fe80::5" },
    { interfaceName: "br0", address: "192.0.2.4" },
  ]);
});

test("no bytes whatever make the parser throw or run on", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const messages = parseMessages(bytes);
      assert.ok(messages.length <= bytes.length / 16);
      for (const { payload } of messages) {
        readLink(payload);
        readAddress(payload);
      }
    }),
  );
});
