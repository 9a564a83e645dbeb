import assert from "node:assert/strict";
import test from "node:test";
import { parseStanzas } from "../../../../src/adapters/demo/ifupdown/stanzas.ts";

test("options belong to the iface stanza above them and to no other", () => {
  const text = `# comment
auto lo eth0
iface lo inet loopback
iface eth0 inet static
    address 192.0.2.5/24
    # in between
    up ip route replace 198.51.100.0/24 \\
       via 192.0.2.1
mapping eth1
    script /bin/x
iface eth0 inet6 static
    address 2001:db8::5/64
`;
  assert.deepEqual(parseStanzas(text), [
    { name: "lo", family: "inet", method: "loopback", options: [] },
    {
      name: "eth0",
      family: "inet",
      method: "static",
      options: [
        ["address", "192.0.2.5/24"],
        ["up", "ip route replace 198.51.100.0/24 via 192.0.2.1"],
      ],
    },
    { name: "eth0", family: "inet6", method: "static", options: [["address", "2001:db8::5/64"]] },
  ]);
});

test("an empty file has no stanza", () => {
  assert.deepEqual(parseStanzas(""), []);
});
