import assert from "node:assert/strict";
import { test } from "node:test";
import type { Evidence, NetworkFacts } from "../../src/os/backend.ts";
import { chooseBackend, claimsOf, evidenceToLookFor } from "../../src/os/index.ts";

/** What a guest has of network managers, as its distribution sets it up. */
interface Guest {
  readonly backend: string;
  /** Another one that says yes as well, and is asked later. */
  readonly also?: string;
  /** Paths that are there, `/sbin/ifup -> /bin/busybox` for a link. */
  readonly paths: readonly string[];
  readonly files: Readonly<Record<string, string>>;
}

const mac = "00:16:3e:00:00:01";
const loopback = "auto lo\niface lo inet loopback\n";
const dhcp = `${loopback}auto eth0\niface eth0 inet dhcp\n`;
const interfaces = "/etc/network/interfaces";
const ifstate = { "/run/network/ifstate": "lo=lo\neth0=eth0\n" };
const number = { "/sys/class/net/eth0/ifindex": "2\n" };
const uuid = "7c9fd2d9-5d0e-3b4f-8f43-3c0bd5f1b1aa";

// systemd always brings networkd's program and units for containers, which take no VIF.
const systemd = ["/usr/lib/systemd/systemd-networkd", "/run/systemd/system", "/run/dbus/system_bus_socket"];
const containers = {
  "/usr/lib/systemd/network/80-container-host0.network":
    "[Match]\nKind=veth\nName=host0\nVirtualization=container\n\n[Network]\nDHCP=yes\n",
};
const networkdRuns = [
  ...systemd,
  "/run/systemd/netif/state",
  "/etc/systemd/system/multi-user.target.wants/systemd-networkd.service",
];
/** The unit that networkd has chosen for the VIF, as it says itself. */
const networkdHas = (path: string, text = "[Match]\nName=eth0\n\n[Network]\nDHCP=yes\n") => ({
  ...containers,
  ...number,
  [path]: text,
  "/run/systemd/netif/links/2": `# This is private data. Do not parse.\nADMIN_STATE=configured\nNETWORK_FILE=${path}\n`,
});

const managerRuns = [
  ...systemd,
  "/usr/sbin/NetworkManager",
  "/run/NetworkManager",
  "/run/NetworkManager/devices",
  "/etc/systemd/system/multi-user.target.wants/NetworkManager.service",
];
const managerHas = {
  ...containers,
  ...number,
  "/run/NetworkManager/devices/2": `[device]\nmanaged=true\nconnection-uuid=${uuid}\nnm-owned=false\n`,
};
const managerLeaves = {
  ...containers,
  ...number,
  "/run/NetworkManager/devices/2": "[device]\nmanaged=false\n",
};
const profile = `[connection]\nid=eth0\nuuid=${uuid}\ntype=ethernet\ninterface-name=eth0\n\n[ipv4]\nmethod=auto\n`;
const anyProfile = `[connection]\nid=Wired connection 1\nuuid=${uuid}\ntype=ethernet\nautoconnect-priority=-999\n`;
const keyfile = { "/etc/NetworkManager/system-connections/eth0.nmconnection": profile };
const automatic = { "/run/NetworkManager/system-connections/Wired connection 1.nmconnection": anyProfile };

const ifcfgText = `TYPE=Ethernet\nBOOTPROTO=dhcp\nNAME=eth0\nDEVICE=eth0\nHWADDR=${mac.toUpperCase()}\nONBOOT=yes\n`;
const ifcfgFile = { "/etc/sysconfig/network-scripts/ifcfg-eth0": ifcfgText };
const loopbackFile = {
  "/etc/sysconfig/network-scripts/ifcfg-lo": "DEVICE=lo\nIPADDR=127.0.0.1\nONBOOT=yes\n",
};
const initscripts = ["/etc/sysconfig/network-scripts/ifup-eth", "/usr/sbin/ifup"];
const plugin = ["/usr/share/dbus-1/system.d/nm-ifcfg-rh.conf"];
const oldPlugin = ["/etc/dbus-1/system.d/nm-ifcfg-rh.conf"];

const netplan = ["/usr/sbin/netplan"];
const cloudYaml = {
  "/etc/netplan/50-cloud-init.yaml": `network:\n  version: 2\n  ethernets:\n    eth0:\n      dhcp4: true\n      match: {macaddress: "${mac}"}\n      set-name: eth0\n`,
};
const managerYaml = {
  "/etc/netplan/01-network-manager-all.yaml": "network:\n  version: 2\n  renderer: NetworkManager\n",
};
const netplansUnit = "/run/systemd/network/10-netplan-eth0.network";
const wicked = ["/usr/sbin/wicked", "/usr/sbin/ifup -> wicked"];
const suseFile = { "/etc/sysconfig/network/ifcfg-eth0": "BOOTPROTO='dhcp'\nSTARTMODE='auto'\n" };
const suseService = (name: string) =>
  `/etc/systemd/system/network.service -> /usr/lib/systemd/system/${name}.service`;

const guests: Readonly<Record<string, Guest>> = {
  "Ubuntu Server": {
    backend: "netplan",
    paths: [...netplan, ...networkdRuns],
    files: { ...cloudYaml, ...networkdHas(netplansUnit) },
  },
  "Ubuntu Server that has been upgraded from ifupdown": {
    backend: "netplan",
    paths: [...netplan, ...networkdRuns, "/sbin/ifup"],
    files: { ...cloudYaml, ...networkdHas(netplansUnit), [interfaces]: loopback },
  },
  "Ubuntu Desktop": {
    backend: "netplan",
    // The profile that NetworkManager makes up by itself is no file of netplan's.
    also: "network-manager",
    paths: [...netplan, ...managerRuns],
    files: { ...managerYaml, ...managerHas, ...automatic },
  },
  "Ubuntu Desktop whose NetworkManager keeps its profiles in netplan": {
    backend: "netplan",
    paths: [...netplan, ...managerRuns],
    files: {
      ...managerYaml,
      ...managerHas,
      [`/etc/netplan/90-NM-${uuid}.yaml`]: "network:\n  version: 2\n",
      [`/run/NetworkManager/system-connections/netplan-NM-${uuid}.nmconnection`]: profile,
    },
  },
  "Debian 12": {
    backend: "ifupdown",
    paths: [...systemd, "/sbin/ifup"],
    files: { ...containers, [interfaces]: dhcp, ...ifstate },
  },
  "Debian 12 with NetworkManager, which leaves ifupdown's interfaces alone": {
    backend: "ifupdown",
    paths: [...managerRuns, "/sbin/ifup"],
    files: { ...managerLeaves, [interfaces]: dhcp, ...ifstate },
  },
  "Debian 12 with a desktop": {
    backend: "network-manager",
    paths: [...managerRuns, "/sbin/ifup"],
    files: { ...managerHas, ...automatic, [interfaces]: loopback, "/run/network/ifstate": "lo=lo\n" },
  },
  "Debian 12 of a cloud": {
    backend: "netplan",
    paths: [...netplan, ...networkdRuns],
    files: { ...cloudYaml, ...networkdHas(netplansUnit) },
  },
  "Debian 11 of a cloud": {
    backend: "ifupdown",
    paths: [...systemd, "/sbin/ifup"],
    files: {
      ...containers,
      ...ifstate,
      [interfaces]: `${loopback}source-directory /etc/network/interfaces.d\n`,
      "/etc/network/interfaces.d/50-cloud-init": "auto eth0\niface eth0 inet dhcp\n",
    },
  },
  "Debian 12 with networkd": {
    backend: "networkd",
    paths: [...networkdRuns, "/sbin/ifup"],
    files: { ...networkdHas("/etc/systemd/network/20-wired.network"), [interfaces]: loopback },
  },
  "Fedora 40": { backend: "network-manager", paths: managerRuns, files: { ...managerHas, ...keyfile } },
  "Fedora 40 that has been upgraded from ifcfg files": {
    backend: "ifcfg",
    paths: [...managerRuns, ...plugin],
    files: { ...managerHas, ...ifcfgFile },
  },
  "Enterprise Linux 7": {
    backend: "ifcfg",
    paths: [...managerRuns, ...initscripts, ...oldPlugin],
    files: {
      ...number,
      "/run/NetworkManager/devices/2": "[device]\nmanaged=true\n",
      ...loopbackFile,
      ...ifcfgFile,
    },
  },
  "Enterprise Linux 7 without NetworkManager": {
    backend: "ifcfg",
    paths: [...systemd, ...initscripts],
    files: { ...loopbackFile, ...ifcfgFile },
  },
  "Enterprise Linux 7 with NetworkManager, which leaves the service network's interfaces alone": {
    backend: "ifcfg",
    paths: [...managerRuns, ...initscripts, ...oldPlugin],
    files: {
      ...managerLeaves,
      ...loopbackFile,
      "/etc/sysconfig/network-scripts/ifcfg-eth0": `${ifcfgText}NM_CONTROLLED=no\n`,
    },
  },
  "Enterprise Linux 8": {
    backend: "ifcfg",
    paths: [...managerRuns, ...plugin, "/usr/sbin/ifup -> /etc/alternatives/ifup"],
    files: { ...managerHas, ...ifcfgFile },
  },
  "Enterprise Linux 9": {
    backend: "network-manager",
    paths: [...managerRuns, ...plugin],
    files: { ...managerHas, ...keyfile },
  },
  "Enterprise Linux 9 with a file of initscripts that is not in use": {
    backend: "network-manager",
    also: "ifcfg",
    paths: [...managerRuns, ...plugin],
    files: { ...managerHas, ...keyfile, ...ifcfgFile },
  },
  "Enterprise Linux 10 with a file that nobody reads any more": {
    backend: "network-manager",
    paths: managerRuns,
    files: { ...managerHas, ...automatic, ...ifcfgFile },
  },
  "openSUSE Leap 15": {
    backend: "wicked",
    paths: [...systemd, ...wicked, suseService("wicked")],
    files: { ...containers, ...suseFile },
  },
  "openSUSE Leap 15 with a desktop": {
    backend: "network-manager",
    paths: [...managerRuns, ...wicked, suseService("NetworkManager")],
    files: { ...managerHas, ...keyfile, ...suseFile },
  },
  "openSUSE Tumbleweed": {
    backend: "network-manager",
    paths: [...managerRuns, suseService("NetworkManager")],
    files: { ...managerHas, ...keyfile },
  },
  "Arch Linux with netctl": {
    backend: "netctl",
    paths: [...systemd, "/usr/bin/netctl"],
    files: {
      ...containers,
      "/etc/netctl/office": "Interface=eth0\nConnection=ethernet\nIP=dhcp\n",
      "/etc/systemd/system/multi-user.target.wants/netctl@office.service": "",
    },
  },
  "Arch Linux with networkd": {
    backend: "networkd",
    paths: networkdRuns,
    files: networkdHas(
      "/etc/systemd/network/20-wired.network",
      "[Match]\nName=en* eth*\n[Network]\nDHCP=yes\n",
    ),
  },
  "Arch Linux with networkd, where netctl is left": {
    backend: "networkd",
    paths: [...networkdRuns, "/usr/bin/netctl"],
    files: networkdHas("/etc/systemd/network/20-wired.network"),
  },
  "Arch Linux with NetworkManager": {
    backend: "network-manager",
    paths: managerRuns.map((path) => path.replace("/usr/sbin/", "/usr/bin/")),
    files: { ...managerHas, ...automatic },
  },
  Flatcar: {
    backend: "networkd",
    paths: networkdRuns,
    files: networkdHas(
      "/usr/lib/systemd/network/zz-default.network",
      "[Match]\nName=*\n[Network]\nDHCP=yes\n",
    ),
  },
  "Gentoo with OpenRC": {
    backend: "netifrc",
    paths: ["/etc/init.d/net.lo"],
    files: { "/etc/conf.d/net": 'config_eth0="dhcp"\n', "/etc/runlevels/default/net.eth0": "" },
  },
  "Gentoo with systemd": {
    backend: "networkd",
    paths: [...networkdRuns, "/etc/init.d/net.lo"],
    files: { ...networkdHas("/etc/systemd/network/50-dhcp.network"), "/etc/conf.d/net": "" },
  },
  "Alpine Linux": {
    backend: "alpine",
    paths: ["/sbin/ifup -> /bin/busybox"],
    files: { [interfaces]: dhcp, "/run/ifstate": "lo=lo\neth0=eth0\n" },
  },
  "Alpine Linux with ifupdown-ng": {
    backend: "alpine",
    paths: ["/sbin/ifup -> ifupdown"],
    files: { [interfaces]: dhcp, "/run/ifstate": "lo=lo 1 explicit\neth0=eth0 1 explicit\n" },
  },
  FreeBSD: {
    backend: "freebsd",
    paths: ["/bin/freebsd-version"],
    files: { "/etc/rc.conf": 'ifconfig_eth0="DHCP"\n' },
  },
};

/** A path as the agent finds it where /bin, /sbin and /lib are links into /usr. */
function aliasesOf(path: string): string[] {
  return [path, path.replace(/^\/usr\/(s?bin|lib)\//, "/$1/")];
}

function factsOf({ paths, files }: Guest): NetworkFacts {
  const isLookedFor = new Set(evidenceToLookFor());
  const evidence = paths.flatMap((text): (readonly [string, Evidence])[] => {
    const [path = "", link] = text.split(" -> ");
    const found = aliasesOf(path).filter((each) => isLookedFor.has(each));
    return found.map((each) => [each, link === undefined ? {} : { link }]);
  });
  return {
    vifs: [{ name: "eth0", mac, index: 0 }],
    hostname: "guest",
    evidence: new Map(evidence),
    files: new Map(Object.entries(files)),
  };
}

for (const [name, guest] of Object.entries(guests)) {
  test(`${guest.backend} keeps the network of ${name}`, () => {
    const facts = factsOf(guest);
    assert.equal(chooseBackend(facts).name, guest.backend);
    const claims = claimsOf(facts).filter(({ claim }) => claim === "yes");
    assert.deepEqual(
      claims.map(({ backend }) => backend.name),
      [guest.backend, ...(guest.also === undefined ? [] : [guest.also])],
    );
  });
}
