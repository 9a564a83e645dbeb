import type { Guest } from "./guest.ts";

/** Interfaces of the guest's owner: a bond, a VLAN on a VIF, a bridge and a dummy, in the kernel and in files. */
export const interfacesBeside = ["bond1", "dummy1", "eth1.10", "br0", "dummy2"];

const stanzas = `
# The owner's own.
auto br0
iface br0 inet static
    address 192.0.2.1/25
    bridge_ports dummy2

auto eth1.10
iface eth1.10 inet static
    address 203.0.113.10/25
`;

/** Makes them in the guest. The VLAN has the MAC address of the VIF below it. */
export async function makeInterfacesBeside(guest: Guest): Promise<void> {
  await guest.run(`set -e
    ip link add bond1 type bond mode active-backup
    ip link add dummy1 type dummy
    ip link set dummy1 master bond1
    ip link set bond1 up
    ip address add 192.0.2.129/25 dev bond1
    ip route add 203.0.113.128/25 via 192.0.2.130 dev bond1
    ip link add link eth1 name eth1.10 type vlan id 10
    ip link set eth1.10 up
    ip address add 203.0.113.10/25 dev eth1.10
    ip link add br0 type bridge
    ip link add dummy2 type dummy
    ip link set dummy2 master br0 up
    ip link set br0 up
    ip address add 192.0.2.1/25 dev br0
    cat >> /etc/network/interfaces <<'END'${stanzas}END
  `);
}

/** Addresses, routes, masters and stanzas of them, as text to compare. */
export async function describeInterfacesBeside(guest: Guest): Promise<string> {
  const looks = interfacesBeside.map(
    (name) => `ip link show dev ${name}; ip address show dev ${name} scope global; ip route show dev ${name}`,
  );
  // Not of the bridge, whose details are timers.
  looks.push("ip -details link show dev bond1", "ip -details link show dev eth1.10");
  const kernel = await guest.run(looks.join("\n"));
  const file = await guest.run("cat /etc/network/interfaces");
  const own = [
    "iface br0 ",
    "bridge_ports dummy2",
    "iface eth1.10 ",
    "203.0.113.10/25",
    "# The owner's own.",
  ];
  return `${withoutCarrier(kernel)}\n${own.map((text) => `${text}: ${file.includes(text)}`).join("\n")}`;
}

/** Without what a link's carrier says, which a bond finds out by itself after a while. */
function withoutCarrier(text: string): string {
  return text
    .replaceAll(/<[^>]*>/g, (flags) => (/\bUP\b/.test(flags) ? "<UP>" : "<>"))
    .replaceAll(/ state \w+/g, "");
}
