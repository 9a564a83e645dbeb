import assert from "node:assert/strict";
import { test } from "node:test";
import type { Evidence } from "../../src/os/backend.ts";
import { parseNetworking } from "../../src/network/parse-networking.ts";
import { joinNetwork } from "../../src/network/wanted-network.ts";
import { planResolvConf, planResolver } from "../../src/os/resolv-conf.ts";
import { HOST_COMMENT } from "../../src/network/shell-file.ts";
import { filesAfter, spellSteps } from "./golden-case.ts";

const path = "/etc/resolv.conf";
const vifs = ["00:16:3e:00:00:01", "00:16:3e:00:00:02"].map((mac, index) => ({
  name: `eth${index}`,
  mac,
  index,
}));

/** The resolver's file of a guest whose second interface has the default route. */
function resolvConfAfter(options: {
  readonly text?: string;
  readonly dns?: readonly (readonly string[])[];
  readonly evidence?: readonly (readonly [string, Evidence])[];
}): string | undefined {
  const { text, dns = [["10.0.0.53"], ["203.0.113.53"]], evidence = [] } = options;
  const links = vifs.map((vif, index) => {
    const gateway = index === 1 ? "10.0.0.1" : null;
    const ips = [{ ip: `10.0.0.${index + 2}`, netmask: 24 }];
    return parseNetworking("x", JSON.stringify({ mac: vif.mac, ips, gateway, dns: dns[index] ?? [] }));
  });
  const files = new Map(text === undefined ? [] : [[path, text]]);
  const facts = { vifs, hostname: "x", evidence: new Map(evidence), files };
  return filesAfter(files, planResolvConf(joinNetwork(links, vifs), facts)).get(path);
}

test("the servers of the interface with the default route come first", () => {
  assert.equal(resolvConfAfter({}), `${HOST_COMMENT}\nnameserver 203.0.113.53\nnameserver 10.0.0.53\n`);
});

test("all lines but nameserver stay", () => {
  const text = "# mine\nsearch example.com\n nameserver 192.0.2.1\noptions ndots:2\n";
  assert.equal(
    resolvConfAfter({ text, dns: [["10.0.0.53"]] }),
    `# mine\nsearch example.com\noptions ndots:2\n${HOST_COMMENT}\nnameserver 10.0.0.53\n`,
  );
});

test("three servers are written, which is what the C library asks, none twice", () => {
  const dns = [
    ["10.0.0.53", "10.0.0.54"],
    ["10.0.0.54", "10.0.0.55", "10.0.0.56"],
  ];
  assert.equal(
    resolvConfAfter({ dns }),
    `${HOST_COMMENT}\nnameserver 10.0.0.54\nnameserver 10.0.0.55\nnameserver 10.0.0.56\n`,
  );
});

test("without wanted servers the file stays", () => {
  assert.equal(resolvConfAfter({ text: "nameserver 192.0.2.1\n", dns: [] }), "nameserver 192.0.2.1\n");
});

const keepers: readonly (readonly [string, readonly [string, Evidence]])[] = [
  ["resolvconf", ["/sbin/resolvconf", {}]],
  ["systemd-resolved", ["/run/systemd/resolve", {}]],
  ["whoever made it a link", [path, { link: "../run/NetworkManager/resolv.conf" }]],
];

for (const [keeper, evidence] of keepers) {
  test(`${keeper} keeps the file`, () => {
    assert.equal(
      resolvConfAfter({ text: "nameserver 192.0.2.1\n", evidence: [evidence] }),
      "nameserver 192.0.2.1\n",
    );
  });
}

const resolved = "/etc/systemd/resolved.conf.d/90-nova-agent.conf";
const base = "/etc/resolvconf/resolv.conf.d/base";
const openresolv = "/etc/resolvconf.conf";
const link = (to: string): readonly [string, Evidence] => [path, { link: to }];
const program = ["/sbin/resolvconf", {}] as const;

/** The steps that give a guest one name server, as far as its network manager does not. */
function resolverSteps(guest: ResolverGuest) {
  const networking = { mac: vifs[0]?.mac, ips: [{ ip: "10.0.0.2", netmask: 24 }], dns: ["10.0.0.53"] };
  const links = [parseNetworking("x", JSON.stringify(networking))];
  const files = new Map(Object.entries(guest.files));
  const facts = { vifs, hostname: "x", evidence: new Map(guest.evidence), files };
  const steps = planResolver(joinNetwork(links, vifs), facts);
  return { steps: spellSteps(steps), files: filesAfter(files, steps) };
}

interface ResolverGuest {
  readonly evidence: readonly (readonly [string, Evidence])[];
  readonly files: Readonly<Record<string, string>>;
}

const restart = "systemctl try-restart systemd-resolved.service";
const update = "resolvconf -u";
const drop = "# Written by nova-agent at every reset of the network\n[Resolve]\nDNS=10.0.0.53\n";
const server = `${HOST_COMMENT}\nnameserver 10.0.0.53\n`;
const stub = link("../run/systemd/resolve/stub-resolv.conf");
const settings: readonly (readonly [string, ResolverGuest, string, string, string])[] = [
  ["systemd-resolved", { evidence: [stub], files: {} }, resolved, drop, restart],
  [
    "systemd-resolved beside its resolvconf",
    { evidence: [stub, ["/sbin/resolvconf", { link: "/usr/bin/resolvectl" }]], files: {} },
    resolved,
    drop,
    restart,
  ],
  [
    "Debian's resolvconf",
    {
      evidence: [program, link("/etc/resolvconf/run/resolv.conf")],
      files: { [base]: "search example.com\nnameserver 192.0.2.1\n" },
    },
    base,
    `search example.com\n${server}`,
    update,
  ],
  [
    "openresolv",
    {
      evidence: [program, [openresolv, {}]],
      files: { [openresolv]: "resolv_conf=/etc/resolv.conf\n#name_servers=127.0.0.1\n" },
    },
    openresolv,
    `resolv_conf=/etc/resolv.conf\n#name_servers=127.0.0.1\n${HOST_COMMENT}\nname_servers="10.0.0.53"\n`,
    update,
  ],
  [
    "openresolv with servers",
    { evidence: [program, [openresolv, {}]], files: { [openresolv]: "name_servers='192.0.2.1'\nx=1" } },
    openresolv,
    `${HOST_COMMENT}\nname_servers="10.0.0.53"\nx=1\n`,
    update,
  ],
];

for (const [what, guest, settingsPath, content, argv] of settings) {
  test(`${what} is given the servers in its own settings, and made to read them`, () => {
    const { steps, files } = resolverSteps(guest);
    assert.equal(steps, `if taken back: ${argv}\nwrite ${settingsPath} 0644\nrun ${argv}\n`);
    assert.equal(files.get(settingsPath), content);
    assert.equal(files.get(path), undefined);
    const output = settingsPath === resolved ? "/run/systemd/resolve/resolv.conf" : path;
    const made = { ...guest, files: { ...guest.files, [settingsPath]: content, [output]: server } };
    assert.equal(resolverSteps(made).steps, "");
  });

  test(`${what} reads settings that a killed reset has left unread`, () => {
    const { steps } = resolverSteps({ ...guest, files: { ...guest.files, [settingsPath]: content } });
    assert.match(steps, new RegExp(`^run ${argv}$`, "m"));
  });
}

const files: readonly (readonly [string, ResolverGuest["evidence"]])[] = [
  ["nobody keeps it", []],
  ["systemd-resolved reads it, being no link", [["/run/systemd/resolve", {}]]],
  ["Debian's resolvconf leaves it alone, being no link", [program]],
];

for (const [why, evidence] of files) {
  test(`the resolver's file is written when ${why}`, () => {
    const { steps, files: after } = resolverSteps({ evidence, files: { [path]: "nameserver 192.0.2.1\n" } });
    assert.equal(steps, `write ${path} 0644 backup\n`);
    assert.equal(after.get(path), server);
  });
}

test("a link to what nobody known writes is left alone", () => {
  assert.equal(resolverSteps({ evidence: [link("/run/NetworkManager/resolv.conf")], files: {} }).steps, "");
});

test("openresolv's name server on the guest itself stays", () => {
  for (const own of ["name_servers=127.0.0.1\n", 'name_servers="::1"\n']) {
    const guest = { evidence: [program, [openresolv, {}]] as const, files: { [openresolv]: own } };
    assert.equal(resolverSteps(guest).steps, "");
  }
});
