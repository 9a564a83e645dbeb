import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { parseInterfaces, renderInterfaces } from "../../../src/os/ifupdown/interfaces-file.ts";
import { meaningOf, replaceStanzas } from "../../../src/os/ifupdown/replace-stanzas.ts";

const line = fc.constantFrom(
  "",
  "  ",
  "# comment",
  "# comment \\",
  "# Label x",
  "auto lo",
  "auto eth0",
  "auto lo eth0 eth1",
  "allow-hotplug eth0:1",
  "iface eth0 inet dhcp",
  "iface eth0:1 inet static",
  "iface eth1 inet static",
  "iface eth0.5 inet manual",
  "iface br0 inet static",
  "  address 192.0.2.1/24",
  "\tup echo a \\",
  "source interfaces.d/*",
  "mapping eth0",
  "no-auto-down eth0",
);
const file = fc.array(line, { maxLength: 25 }).map((lines) => lines.map((each) => `${each}\n`).join(""));
const stanzas = new Map([
  ["eth0", "# Label public\nauto eth0\niface eth0 inet static\n    address 198.51.100.1/24"],
  ["eth1", "auto eth1\niface eth1 inet manual"],
]);

test("a file that is parsed and rendered is the same file", () => {
  fc.assert(fc.property(file, (text) => assert.equal(renderInterfaces(parseInterfaces(text)), text)));
});

test("after a replacement the file means what was wanted, and a second one changes nothing", () => {
  fc.assert(
    fc.property(file, (text) => {
      // A backslash at the end of the file would join what is written behind it.
      fc.pre(!text.endsWith("\\\n"));
      const once = replaceStanzas(text, { stanzas, appends: true });
      for (const [name, own] of stanzas) assert.equal(meaningOf(once, name), meaningOf(own, name));
      assert.equal(replaceStanzas(once, { stanzas, appends: true }), once);
    }),
  );
});

test("allow-hotplug stays for an interface, and goes for its aliases; a mapping goes", () => {
  const text =
    "allow-hotplug eth1 eth1:0 eth2\nallow-auto eth1\nmapping eth1 eth2\n  script x\n  map y\nmapping eth1\n  script z\n";
  const own = "auto eth1\niface eth1 inet manual";
  assert.equal(
    replaceStanzas(text, { stanzas: new Map([["eth1", own]]), appends: false }),
    "allow-hotplug eth1 eth2\nmapping eth2\n    script x\n    map y\n",
  );
});

test("labels that stand twice above an interface go together", () => {
  const text = "# Label old\n# Label old\niface eth1 inet static\n";
  const once = replaceStanzas(text, {
    stanzas: new Map([["eth1", "iface eth1 inet manual"]]),
    appends: true,
  });
  assert.equal(once, "iface eth1 inet manual\n");
});

test("a replacement keeps what a file says of other interfaces", () => {
  fc.assert(
    fc.property(file, (text) => {
      fc.pre(!text.endsWith("\\\n"));
      const replaced = replaceStanzas(text, { stanzas, appends: true });
      for (const name of ["lo", "br0", "eth0.5"])
        assert.equal(meaningOf(replaced, name), meaningOf(text, name));
    }),
  );
});

test("a file without the interfaces, into which nothing goes, stays as it is to the byte", () => {
  const foreign = fc
    .array(fc.constantFrom("", "# c", "auto lo", "iface br0 inet dhcp", "  x y"))
    .map((lines) => {
      return lines.map((each) => `${each}\n`).join("");
    });
  fc.assert(
    fc.property(foreign, (text) => assert.equal(replaceStanzas(text, { stanzas, appends: false }), text)),
  );
});

test("spacing, comments and joined lines do not change a meaning, another option does", () => {
  const text = "auto eth0\niface eth0 inet static\n  address 192.0.2.1/24\n  up a b\n";
  const same =
    "auto   lo eth0\n# x\niface eth0  inet static\n\taddress\t192.0.2.1/24\n# y\n\n up a \\\n  b\n";
  assert.equal(meaningOf(same, "eth0"), meaningOf(text, "eth0"));
  assert.notEqual(meaningOf(`${text}  mtu 1400\n`, "eth0"), meaningOf(text, "eth0"));
  assert.notEqual(meaningOf(text.replace("auto", "allow-hotplug"), "eth0"), meaningOf(text, "eth0"));
});
