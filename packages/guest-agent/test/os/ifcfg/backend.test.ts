import assert from "node:assert/strict";
import { test } from "node:test";
import type { KernelNetwork } from "../../../src/network/kernel-network.ts";
import type { NetworkFacts } from "../../../src/os/backend.ts";
import { ifcfg } from "../../../src/os/ifcfg/backend.ts";
import { filesAfter, spellSteps } from "../golden-case.ts";
import { networkModels, wantedOf } from "../models.ts";

const directory = "/etc/sysconfig/network-scripts/";
const scripts = `${directory}ifup-eth`;
const plugin = "/etc/dbus-1/system.d/nm-ifcfg-rh.conf";
const running = "/run/NetworkManager";
const mac = "00:16:3e:00:00:01";

type Files = Readonly<Record<string, string>>;

function factsOf(files: Files, evidence: readonly string[], kernel?: KernelNetwork): NetworkFacts {
  const named = Object.entries(files).map(([name, text]) => [
    name.startsWith("/") ? name : directory + name,
    text,
  ]);
  return {
    vifs: [{ name: "eth0", mac, index: 0 }],
    hostname: "guest",
    evidence: new Map(evidence.map((path) => [path, {}])),
    files: new Map(named as [string, string][]),
    ...(kernel === undefined ? {} : { kernel }),
  };
}

function wantedModel(name: string) {
  const model = networkModels[name];
  assert.ok(model);
  return wantedOf(model);
}

const oneAddress = wantedModel("one address");
const conf = "/etc/NetworkManager/NetworkManager.conf";
const dhcp = "DEVICE=eth0\nBOOTPROTO=dhcp\n";

const claims: readonly (readonly [string, string, Files, readonly string[]])[] = [
  ["no", "nothing reads ifcfg files", { "ifcfg-eth0": dhcp }, []],
  ["yes", "initscripts have a file of the VIF", { "ifcfg-eth0": dhcp }, [scripts]],
  ["could", "initscripts have only the loopback's file", { "ifcfg-lo": "DEVICE=lo\n" }, [scripts]],
  ["no", "NetworkManager runs and the VIF has no such file", {}, [scripts, plugin, running]],
  ["yes", "NetworkManager's plugin has a file of the VIF", { "ifcfg-eth0": dhcp }, [plugin, running]],
  ["yes", "a file names the VIF by HWADDR", { "ifcfg-x": "HWADDR=00:16:3E:00:00:01\n" }, [plugin]],
  [
    "no",
    "NetworkManager is told to load other plugins",
    { "ifcfg-eth0": dhcp, [conf]: "plugins=keyfile\n" },
    [plugin],
  ],
  [
    "yes",
    "it is told to load this one",
    { "ifcfg-eth0": dhcp, [conf]: "[main]\nplugins=ifcfg-rh,keyfile\n" },
    [plugin],
  ],
  ["no", "only a copy of the VIF's file is left", { "ifcfg-eth0.bak": dhcp }, [plugin]],
  ["no", "only the file of a VLAN on it is there", { "ifcfg-eth0.5": "DEVICE=eth0.5\n" }, [plugin]],
  ["no", "a VLAN has the VIF's address", { "ifcfg-v": `HWADDR=${mac}\nTYPE=Vlan\n` }, [plugin]],
];

for (const [claim, what, files, evidence] of claims) {
  test(`ifcfg says ${claim} when ${what}`, () => {
    assert.equal(ifcfg.manages(factsOf(files, evidence)), claim);
  });
}

/** The programs that a plan runs. */
function programsOf(facts: NetworkFacts): string[] {
  const steps = spellSteps(ifcfg.plan(oneAddress, facts)).split("\n");
  return steps.filter((step) => step.startsWith("run ")).map((step) => step.slice(4));
}

test("a file that refuses NetworkManager stays with initscripts where they are", () => {
  const files = { "ifcfg-eth0": `${dhcp}NM_CONTROLLED="no"\n` };
  assert.ok(programsOf(factsOf(files, [scripts, plugin, running])).includes("ifup eth0"));
  assert.ok(programsOf(factsOf(files, [plugin, running])).includes("nmcli connection up ifname eth0"));
});

test("initscripts' ifdown is not asked about a file with another machine's HWADDR", () => {
  const firsts = ["00:16:3E:00:00:01", "00:16:3E:99:99:99"].map((address) => {
    const facts = factsOf({ "ifcfg-eth0": `${dhcp}HWADDR=${address}\n` }, [scripts]);
    return programsOf(facts)[0]?.replace(/ \(undo.*/, "");
  });
  assert.deepEqual(firsts, ["ifdown eth0", "ip address flush dev eth0"]);
});

test("without NetworkManager running only files are written for it", () => {
  const enabled = "/etc/systemd/system/multi-user.target.wants/NetworkManager.service";
  const facts = factsOf({ "ifcfg-eth0": dhcp }, [scripts, plugin, enabled]);
  const steps = spellSteps(ifcfg.plan(oneAddress, facts));
  assert.equal(steps, `write ${directory}ifcfg-eth0 0644 backup\n`);
});

test("what is right in the files and not in the kernel is brought up again", () => {
  const facts = factsOf({}, [scripts]);
  const files = filesAfter(facts.files, ifcfg.plan(oneAddress, facts));
  const link = { name: "eth0", isUp: true, mtuBytes: 1500, addresses: [] };
  const kernel = (addresses: (typeof oneAddress.interfaces)[number]["addresses"]): KernelNetwork => ({
    links: new Map([
      ["eth0", { ...link, addresses: addresses.map((prefix) => ({ ...prefix, isDynamic: false })) }],
    ]),
    routes: [],
  });
  const wanted = oneAddress.interfaces[0]?.addresses ?? [];
  assert.deepEqual(ifcfg.plan(oneAddress, { ...facts, files, kernel: kernel(wanted) }), []);
  const steps = spellSteps(ifcfg.plan(oneAddress, { ...facts, files, kernel: kernel([]) }));
  assert.deepEqual(steps.split("\n").slice(1, -2), [
    "run ifdown eth0 (undo: ifup eth0)",
    "run ip address flush dev eth0 (undo: ifdown eth0)",
    "run ifup eth0",
  ]);
});

test("a comment that changes leaves the interface alone", () => {
  const facts = factsOf({}, [scripts]);
  const files = filesAfter(facts.files, ifcfg.plan(oneAddress, facts));
  const path = `${directory}ifcfg-eth0`;
  files.set(path, `# Label old\n${files.get(path) ?? ""}`);
  assert.equal(spellSteps(ifcfg.plan(oneAddress, { ...facts, files })), `write ${path} 0644 backup\n`);
});

test("aliases and rows of addresses of the interface go, those of others stay", () => {
  const rows = { "ifcfg-eth0-range0": "IPADDR_START=192.0.2.7\nIPADDR_END=192.0.2.9\n" };
  const files = {
    "ifcfg-eth0": dhcp,
    "ifcfg-eth0:0": "DEVICE=eth0:0\n",
    ...rows,
    "ifcfg-eth01": "DEVICE=eth01\n",
  };
  const facts = factsOf(files, [scripts]);
  const after = filesAfter(facts.files, ifcfg.plan(oneAddress, facts));
  assert.deepEqual([...after.keys()].sort(), [`${directory}ifcfg-eth0`, `${directory}ifcfg-eth01`]);
});

test("a file by the interface's name that is of another one stays that one's", () => {
  const facts = factsOf({ "ifcfg-eth0": "DEVICE=eth7\n" }, [scripts]);
  const after = filesAfter(facts.files, ifcfg.plan(oneAddress, facts));
  assert.equal(after.get(`${directory}ifcfg-eth0`), "DEVICE=eth7\n");
  assert.match(after.get(`${directory}ifcfg-eth0-nova-agent`) ?? "", /^DEVICE=eth0$/m);
});

test("what a killed agent has not applied is applied, whatever the files say", () => {
  const pending = "/run/nova-agent/ifcfg-apply";
  const facts = factsOf({ "ifcfg-eth0": `${dhcp}UUID=u1\n`, [pending]: "" }, [plugin, running]);
  const files = filesAfter(facts.files, ifcfg.plan(oneAddress, facts));
  assert.equal(files.has(pending), false);
  const again = { ...facts, files: new Map([...files, [pending, ""]]) };
  assert.deepEqual(programsOf(again), [
    `nmcli connection load ${directory}ifcfg-eth0`,
    "nmcli connection up uuid u1",
  ]);
});

test("NetworkManager's own state counts: a device that it leaves alone, and what was up", () => {
  const number = { "/sys/class/net/eth0/ifindex": "2\n", "ifcfg-eth0": dhcp };
  const facts = (state: string) =>
    factsOf({ ...number, "/run/NetworkManager/devices/2": state }, [scripts, plugin, running]);
  assert.ok(programsOf(facts("[device]\nmanaged=false\n")).includes("ifup eth0"));
  const steps = spellSteps(ifcfg.plan(oneAddress, facts("[device]\nmanaged=true\nconnection-uuid=u7\n")));
  assert.match(steps, /^if taken back: nmcli connection up uuid u7$/m);
});

test("many addresses are not looked for on the network one after the other", () => {
  const facts = factsOf({}, [scripts]);
  const after = filesAfter(facts.files, ifcfg.plan(wantedModel("many addresses"), facts));
  const text = after.get(`${directory}ifcfg-eth0`) ?? "";
  assert.match(text, /^ARPCHECK=no$/m);
  assert.match(text, /^ARPCHECK9=no$/m);
});

const globalPath = "/etc/sysconfig/network";
const globals: readonly (readonly [string, string, string])[] = [
  ["another gateway", "A=1\nGATEWAY=192.0.2.254\n", "A=1\n"],
  ["the wanted one", "GATEWAY=192.0.2.1\nGATEWAYDEV=eth0\n", "GATEWAY=192.0.2.1\nGATEWAYDEV=eth0\n"],
  ["another interface", "GATEWAYDEV='eth7'\nNETWORKING=yes", "NETWORKING=yes\n"],
  ["a network that is off", "NETWORKING=no\nB=2\n", "NETWORKING=yes\nB=2\n"],
  ["IPv6 that is off, where none is wanted", "NETWORKING_IPV6=no\n", "NETWORKING_IPV6=no\n"],
  [
    "another IPv6 gateway, where none is wanted",
    "IPV6_DEFAULTGW=fe80::9%eth0\n",
    "IPV6_DEFAULTGW=fe80::9%eth0\n",
  ],
];

for (const [what, before, after] of globals) {
  test(`the file of all interfaces with ${what}`, () => {
    const facts = factsOf({ [globalPath]: before }, [scripts]);
    const steps = ifcfg.plan(wantedModel("address and gateway"), facts);
    assert.equal(filesAfter(facts.files, steps).get(globalPath), after);
  });
}
