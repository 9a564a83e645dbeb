import assert from "node:assert/strict";
import { test } from "node:test";
import type { NetworkFacts } from "../../src/os/backend.ts";
import { backends, chooseBackend } from "../../src/os/index.ts";
import { networkManager } from "../../src/os/network-manager/backend.ts";

const vifs = [{ name: "eth0", mac: "00:16:3e:00:00:01", index: 0 }];

function factsOf(evidence: readonly string[], files: Readonly<Record<string, string>>): NetworkFacts {
  return {
    vifs,
    hostname: "x",
    evidence: new Map(evidence.map((path) => [path, {}])),
    files: new Map(Object.entries(files)),
  };
}

const ifup = "/sbin/ifup";
const netplan = "/usr/sbin/netplan";
const interfaces = "/etc/network/interfaces";
const yaml = "/etc/netplan/50-cloud-init.yaml";
const loopback = "auto lo\niface lo inet loopback\n";
const stanza = "iface eth0 inet dhcp\n";
const sourcing = "source interfaces.d/*\n";
const sourced = "/etc/network/interfaces.d/50-cloud-init";
const state = "/run/network/ifstate";
const nm = "/usr/sbin/NetworkManager";
const nmRuns = "/run/NetworkManager/devices";
const number = { "/sys/class/net/eth0/ifindex": "2\n" };
const device = "/run/NetworkManager/devices/2";
const keyfile = "/etc/NetworkManager/system-connections/a.nmconnection";
const profile = "[connection]\nuuid=u\ntype=ethernet\ninterface-name=eth0\n";
const up = "[device]\nmanaged=true\nconnection-uuid=u\n";
const ifcfgFile = "/etc/sysconfig/network-scripts/ifcfg-eth0";
const initscripts = "/etc/sysconfig/network-scripts/ifup-eth";
const ifcfgPlugin = "/usr/share/dbus-1/system.d/nm-ifcfg-rh.conf";
const wickedProgram = "/usr/sbin/wicked";
const suseFile = "/etc/sysconfig/network/ifcfg-eth0";
const nd = "/usr/lib/systemd/systemd-networkd";
const ndRuns = "/run/systemd/netif/state";
const unit = "/etc/systemd/network/20-wired.network";
const wired = "[Match]\nName=eth*\n[Network]\nDHCP=yes\n";

const netctl = "/usr/bin/netctl";
const netctlProfile = { "/etc/netctl/eth0": "Interface=eth0\nConnection=ethernet\nIP=dhcp\n" };
const netLo = "/etc/init.d/net.lo";
const confNet = "/etc/conf.d/net";
const systemd = "/run/systemd/system";
const freebsdVersion = "/bin/freebsd-version";

const choices: readonly (readonly [string, readonly string[], Readonly<Record<string, string>>, string])[] = [
  ["only ifupdown is there", [ifup], { [interfaces]: loopback }, "ifupdown"],
  ["only netplan is there, with nothing in it", [netplan], {}, "netplan"],
  [
    "both are there, a stanza names the VIF",
    [ifup, netplan],
    { [interfaces]: stanza, [yaml]: "" },
    "ifupdown",
  ],
  [
    "a sourced stanza names the VIF",
    [ifup, netplan],
    { [interfaces]: sourcing, [sourced]: stanza, [yaml]: "" },
    "ifupdown",
  ],
  [
    "a file that is not sourced names it",
    [ifup, netplan],
    { [interfaces]: "", [sourced]: stanza, [yaml]: "" },
    "netplan",
  ],
  [
    "ifup has brought the VIF up",
    [ifup, netplan],
    { [interfaces]: "", [state]: "lo=lo\neth0=eth0\n", [yaml]: "" },
    "ifupdown",
  ],
  ["netplan alone has a configuration", [ifup, netplan], { [interfaces]: loopback, [yaml]: "" }, "netplan"],
  ["netplan has none, ifupdown a file", [ifup, netplan], { [interfaces]: loopback }, "ifupdown"],
  ["an old stanza is left, ifup is gone", [netplan], { [interfaces]: stanza }, "netplan"],
  ["ifup without its file, as busybox brings it", [ifup, netplan], {}, "netplan"],
  [
    "a unit of networkd's takes the VIF",
    [ifup, netplan, nd, ndRuns],
    { [interfaces]: loopback, [unit]: wired },
    "networkd",
  ],
  [
    "networkd is there beside it and does not run",
    [ifup, nd],
    { [interfaces]: loopback, [unit]: wired },
    "ifupdown",
  ],
  [
    "networkd runs, and its unit is netplan's",
    [netplan, nd, ndRuns],
    { [yaml]: "", ["/run/systemd/network/10-netplan-eth0.network"]: wired },
    "netplan",
  ],
  ["networkd runs alone without a unit", [nd, ndRuns], {}, "networkd"],
  [
    "NetworkManager has the device",
    [ifup, nm, nmRuns, nd, ndRuns],
    { [interfaces]: loopback, [unit]: wired, ...number, [device]: up, [keyfile]: profile },
    "network-manager",
  ],
  [
    "NetworkManager has the device with no profile",
    [ifup, nm, nmRuns],
    { [interfaces]: loopback, ...number, [device]: "[device]\nmanaged=true\n" },
    "network-manager",
  ],
  [
    "NetworkManager leaves the device alone",
    [nm, nmRuns, nd, ndRuns],
    { ...number, [device]: "[device]\nmanaged=false\n", [keyfile]: profile },
    "networkd",
  ],
  [
    "NetworkManager is no longer started and a keyfile is left",
    [nm, nd, ndRuns],
    { [keyfile]: profile, [unit]: wired },
    "networkd",
  ],
  [
    "NetworkManager's profile is netplan's",
    [netplan, nm, nmRuns],
    {
      ...number,
      [device]: up,
      [yaml]: "",
      ["/run/NetworkManager/system-connections/netplan-eth0.nmconnection"]: profile,
    },
    "netplan",
  ],
  ["NetworkManager runs alone without a profile", [nm, nmRuns], {}, "network-manager"],
  [
    "a profile of netctl's names the VIF",
    [netctl, netplan, ifup],
    { ...netctlProfile, [interfaces]: "" },
    "netctl",
  ],
  ["a profile is left and netctl is gone", [netplan], netctlProfile, "netplan"],
  [
    "netctl is there with a bridge's profile",
    [netctl, netplan],
    {
      "/etc/netctl/br0": "Interface=br0\nConnection=bridge\nBindsToInterfaces=(eth0)\n",
      [yaml]: "",
    },
    "netplan",
  ],
  [
    "networkd runs with a unit beside a profile of netctl's",
    [netctl, nd, ndRuns],
    { [unit]: wired, ...netctlProfile },
    "networkd",
  ],
  ["netctl is all there is", [netctl], {}, "netctl"],
  ["conf.d/net has the VIF", [netLo, nd], { [confNet]: 'config_eth0="dhcp"\n' }, "netifrc"],
  ["a runlevel has the VIF's service", [netLo, nd], { "/etc/runlevels/default/net.eth0": "" }, "netifrc"],
  [
    "systemd runs a Gentoo guest",
    [netLo, systemd, nd, ndRuns],
    { [confNet]: 'config_eth0="dhcp"\n' },
    "networkd",
  ],
  [
    "OpenRC runs a Gentoo guest that uses NetworkManager",
    [netLo, nm, nmRuns],
    { ...number, [device]: up, [keyfile]: profile },
    "network-manager",
  ],
  ["initscripts have the VIF's file", [initscripts], { [ifcfgFile]: "DEVICE=eth0\n" }, "ifcfg"],
  [
    "initscripts have the VIF's file beside NetworkManager and networkd",
    [initscripts, ifcfgPlugin, nm, nmRuns, nd],
    { [ifcfgFile]: "DEVICE=eth0\nNM_CONTROLLED=no\n", ...number, [device]: "[device]\nmanaged=false\n" },
    "ifcfg",
  ],
  [
    "NetworkManager has the VIF from the plugin's file",
    [initscripts, ifcfgPlugin, nm, nmRuns, nd],
    { [ifcfgFile]: "BOOTPROTO=dhcp\n", ...number, [device]: up },
    "ifcfg",
  ],
  [
    "NetworkManager has the VIF from a keyfile beside such a file",
    [ifcfgPlugin, nm, nmRuns],
    { [ifcfgFile]: "BOOTPROTO=dhcp\n", ...number, [device]: up, [keyfile]: profile },
    "network-manager",
  ],
  [
    "NetworkManager runs with the plugin and no file",
    [initscripts, ifcfgPlugin, nm, nmRuns],
    {},
    "network-manager",
  ],
  ["initscripts have no file of the VIF", [initscripts, nd], {}, "ifcfg"],
  ["wicked has the VIF's file", [wickedProgram, nd], { [suseFile]: "BOOTPROTO=dhcp\n" }, "wicked"],
  ["wicked is all there is", [wickedProgram], {}, "wicked"],
  [
    "networkd runs with a unit where wicked is installed",
    [wickedProgram, nd, ndRuns],
    { [unit]: wired },
    "networkd",
  ],
  ["it is FreeBSD", [freebsdVersion], { "/etc/rc.conf": "" }, "freebsd"],
];

for (const [what, evidence, files, wanted] of choices) {
  test(`${wanted} keeps the network when ${what}`, () => {
    assert.equal(chooseBackend(factsOf(evidence, files)).name, wanted);
  });
}

/** Whose ifup it is tells the link; all read the same file. */
const ifups: readonly (readonly [string, string, string])[] = [
  ["/sbin/ifup", "/bin/busybox", "alpine"],
  ["/usr/sbin/ifup", "../../bin/busybox", "alpine"],
  ["/sbin/ifup", "/bin/bbsuid/busybox.static", "alpine"],
  ["/sbin/ifup", "ifupdown", "alpine"],
  ["/sbin/ifup", "/usr/share/ifupdown2/ifupdown2", "ifupdown2"],
  ["/usr/sbin/ifup", "../share/ifupdown2/__main__.py", "ifupdown2"],
];

for (const [path, link, wanted] of ifups) {
  test(`${wanted} keeps the network when ${path} is a link to ${link}`, () => {
    const evidence = new Map([[path, { link }] as const, [netplan, {}] as const]);
    const named = factsOf([], { [interfaces]: stanza });
    assert.equal(chooseBackend({ ...named, evidence }).name, wanted);
    // netplan with a configuration goes before an ifup that does not know the VIF.
    const facts = factsOf([], { [interfaces]: loopback, [yaml]: "" });
    assert.equal(chooseBackend({ ...facts, evidence }).name, "netplan");
  });
}

test("alpine keeps the network when its ifup has brought the VIF up", () => {
  for (const line of ["eth0=eth0\n", "lo=lo 1 explicit\neth0=eth0 1 explicit\n"]) {
    const facts = factsOf([netplan], { [interfaces]: loopback, "/run/ifstate": line, [yaml]: "" });
    const evidence = new Map([...facts.evidence, [ifup, { link: "/bin/busybox" }] as const]);
    const without = new Map([[ifup, { link: "/bin/busybox" }] as const]);
    assert.equal(chooseBackend({ ...facts, evidence: without }).name, "alpine");
    // Of two that say so the one whose row comes first has it.
    assert.equal(chooseBackend({ ...facts, evidence }).name, "netplan");
  }
});

test("a guest without a known network manager is refused, naming what was looked for", () => {
  assert.throws(
    () => chooseBackend(factsOf([], { [interfaces]: stanza, [yaml]: "" })),
    (error) => {
      assert.ok(error instanceof Error && "code" in error);
      assert.equal(error.code, "AGENT_UNSUPPORTED");
      for (const { name } of backends) assert.ok(error.message.includes(name), error.message);
      return true;
    },
  );
});

test("NetworkManager's plugin for initscripts' files has its own back end", () => {
  const plugged = [nm, nmRuns, ifcfgPlugin];
  const nameless = factsOf(plugged, { ...number, [device]: up, [ifcfgFile]: "DEVICE=eth0\n" });
  assert.equal(networkManager.manages(nameless), "no");
  const idle = factsOf(plugged, { [ifcfgFile]: "BOOTPROTO=none\n" });
  assert.equal(networkManager.manages(idle), "no");
  const both = factsOf(plugged, { ...number, [device]: up, [keyfile]: profile, [ifcfgFile]: "" });
  assert.equal(networkManager.manages(both), "yes");
});

test("without the plugin, or where it is left out, initscripts' files are leftovers", () => {
  const files = { ...number, [device]: up, [ifcfgFile]: "DEVICE=eth0\n" };
  assert.equal(networkManager.manages(factsOf([nm, nmRuns], files)), "yes");
  const conf = { "/etc/NetworkManager/NetworkManager.conf": "[main]\nplugins=keyfile\n" };
  const leftOut = factsOf([nm, nmRuns, ifcfgPlugin], { ...files, ...conf });
  assert.equal(networkManager.manages(leftOut), "yes");
  assert.equal(chooseBackend(leftOut).name, "network-manager");
});

test("of wicked and NetworkManager the one has the network whose service is linked to", () => {
  const facts = factsOf([wickedProgram, nm, nmRuns], { [suseFile]: "BOOTPROTO=dhcp\n" });
  const linked = (name: string) => {
    const link = [
      `/etc/systemd/system/network.service`,
      { link: `/usr/lib/systemd/system/${name}` },
    ] as const;
    return chooseBackend({ ...facts, evidence: new Map([...facts.evidence, link]) }).name;
  };
  assert.equal(linked("wicked.service"), "wicked");
  assert.equal(linked("NetworkManager.service"), "network-manager");
});
