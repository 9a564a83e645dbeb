import assert from "node:assert/strict";
import test from "node:test";
import { type InterfaceCommand, planDown, planUp } from "../../../../src/adapters/demo/ifupdown/commands.ts";
import { parseStanzas } from "../../../../src/adapters/demo/ifupdown/stanzas.ts";

function commandsOf(plan: typeof planUp, text: string): string[] {
  return parseStanzas(text).flatMap(plan).map(showCommand);
}

function showCommand({ argv, mayFail }: InterfaceCommand): string {
  return `${mayFail ? "- " : ""}${argv.join(" ")}`;
}

const ipv4 = `iface eth0 inet static
    address 192.0.2.5/24
    gateway 192.0.2.1
    mtu 1400
    up echo up
    down echo down
`;

test("an IPv4 stanza adds the address, raises the link and sets the route before its own commands", () => {
  assert.deepEqual(commandsOf(planUp, ipv4), [
    "ip addr add 192.0.2.5/24 broadcast + dev eth0 label eth0",
    "ip link set dev eth0 mtu 1400 up",
    "ip route add default via 192.0.2.1 dev eth0 onlink",
    "sh -c echo up",
  ]);
});

test("an IPv6 stanza raises the link first", () => {
  const text = "iface eth0 inet6 static\n address 2001:db8::5/64\n gateway fe80::1\n accept_ra 0\n";
  assert.deepEqual(commandsOf(planUp, text), [
    "- sysctl -q -e -w net.ipv6.conf.eth0.accept_ra=0",
    "ip link set dev eth0 up",
    "ip -6 addr add 2001:db8::5/64 dev eth0",
    "ip -6 route replace default via fe80::1 dev eth0 onlink",
  ]);
});

test("the default route of a second gateway has the stanza's metric", () => {
  const stanzas = ["inet static\n address 192.0.2.5/24", "inet6 static\n address 2001:db8::5/64"];
  const routes = stanzas.flatMap((stanza) =>
    commandsOf(planUp, `iface eth1 ${stanza}\n gateway 192.0.2.1\n metric 1537\n`),
  );
  assert.deepEqual(
    routes.filter((line) => line.includes("default")),
    [
      "ip route add default via 192.0.2.1 dev eth1 metric 1537 onlink",
      "ip -6 route replace default via 192.0.2.1 dev eth1 metric 1537 onlink",
    ],
  );
});

test("taking down runs the stanza's own commands first, and nothing of it must succeed", () => {
  assert.deepEqual(commandsOf(planDown, ipv4), [
    "- sh -c echo down",
    "- ip -4 addr flush dev eth0",
    "- ip link set dev eth0 down",
  ]);
});

test("the loopback interface is not taken down", () => {
  assert.deepEqual(commandsOf(planDown, "iface lo inet loopback\n"), []);
});
