import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test, type TestContext } from "node:test";
import { privateRoot, runChecked, systemTest, temporaryDirectory } from "@nova-agent/testbed";
import { readGoldenCases } from "./golden-case.ts";

const needs = ["apt"] as const;
const timeoutMs = 30_000;

// netplan's generator and what it is linked with beyond a minimal Debian.
const packages = ["netplan.io", "libnetplan0", "libglib2.0-0", "libyaml-0-2", "libffi8", "libpcre2-8-0"];

/** The lines of the networkd units that netplan makes of a guest's files: `eth0 Address=192.0.2.1/24`. */
async function generate(context: TestContext, files: ReadonlyMap<string, string>): Promise<string[]> {
  const root = await privateRoot(packages);
  const guest = await temporaryDirectory(context);
  for (const [path, text] of files) {
    await mkdir(dirname(join(guest, path)), { recursive: true });
    await writeFile(join(guest, path), text, { mode: 0o600 });
  }
  const libraries = (await readdir(join(root, "usr/lib"))).filter((name) => name.endsWith("-linux-gnu"));
  await runChecked({
    argv: [join(root, "usr/libexec/netplan/generate"), "--root-dir", guest],
    environment: { LD_LIBRARY_PATH: libraries.map((name) => join(root, "usr/lib", name)).join(":") },
    timeoutMs,
  });
  const units = join(guest, "run/systemd/network");
  const names = (await readdir(units)).filter((name) => name.endsWith(".network")).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(units, name), "utf8")));
  return names.flatMap((name, index) => {
    const link = name.replace(/^10-netplan-|\.network$/g, "");
    return spellUnit(texts[index] ?? "").map((line) => `${link} ${line}`);
  });
}

/** The settings of one unit, a route on one line; what says only which link is meant is left out. */
function spellUnit(text: string): string[] {
  const lines: string[] = [];
  let section = "";
  for (const line of text.split("\n").filter((each) => each !== "")) {
    if (line.startsWith("[")) section = line;
    if (section === "[Match]") continue;
    if (section === "[Route]" && line !== section) lines.push(`${lines.pop()} ${line}`);
    else if (line === "[Route]") lines.push("Route");
    else if (!line.startsWith("[")) lines.push(line);
  }
  return lines;
}

const twoGateways = [
  "eth0 LinkLocalAddressing=ipv6",
  "eth0 Address=10.208.227.239/19",
  "eth0 Address=fd00:0:0:2::20/64",
  "eth0 IPv6AcceptRA=no",
  "eth0 Route Destination=0.0.0.0/0 Gateway=10.208.224.1 Metric=2049",
  "eth0 Route Destination=::/0 Gateway=fe80::1",
  "eth1 LinkLocalAddressing=ipv6",
  "eth1 Address=198.51.100.10/24",
  "eth1 Route Destination=0.0.0.0/0 Gateway=198.51.100.1",
];

// By systemd.network(5).
const units: Readonly<Record<string, readonly string[]>> = {
  // What it is written in is understood by all that came later, too.
  "before-0.103": [
    "eth0 LinkLocalAddressing=ipv6",
    "eth0 Address=10.208.227.239/19",
    "eth0 Address=fd00:0:0:2::20/64",
    "eth0 IPv6AcceptRA=no",
    "eth0 Route Destination=0.0.0.0/0 Gateway=10.208.224.1 Metric=2049",
    "eth0 Route Destination=::/0 Gateway=fe80::1",
    "eth1 LinkLocalAddressing=ipv6",
    "eth1 Address=198.51.100.10/24",
    "eth1 Route Destination=0.0.0.0/0 Gateway=198.51.100.1",
  ],
  canonical: [
    "eth0 LinkLocalAddressing=ipv6",
    "eth0 Address=198.51.100.10/24",
    "eth0 Address=198.51.100.11/24",
    "eth0 Address=2001:db8:0:1::10/64",
    "eth0 Address=2001:db8:0:1::11/64",
    "eth0 IPv6AcceptRA=no",
    "eth0 DNS=203.0.113.53",
    "eth0 DNS=203.0.113.54",
    "eth0 Route Destination=0.0.0.0/0 Gateway=198.51.100.1",
    "eth0 Route Destination=::/0 Gateway=fe80::def",
    "eth1 LinkLocalAddressing=ipv6",
    "eth1 Address=10.208.227.239/19",
    "eth1 Address=10.208.227.240/19",
    "eth1 Address=fd00:0:0:2::20/64",
    "eth1 Address=fd00:0:0:2::21/64",
    "eth1 IPv6AcceptRA=no",
    "eth1 DNS=203.0.113.53",
    "eth1 DNS=203.0.113.54",
    "eth1 Route Destination=10.208.0.0/12 Gateway=10.208.224.1",
    "eth1 Route Destination=10.176.0.0/12 Gateway=10.208.224.1",
  ],
  // What the first matching unit says counts (systemd.network(5)): the others are behind the agent's.
  "foreign-definitions": [
    "0-eth1 LinkLocalAddressing=ipv6",
    "0-eth1 Address=198.51.100.10/24",
    "0-eth1 Route Destination=0.0.0.0/0 Gateway=198.51.100.1",
    "all-en DHCP=ipv4",
    "all-en LinkLocalAddressing=ipv6",
    "all-en RouteMetric=100",
    "all-en UseMTU=true",
    "all-eth DHCP=yes",
    "all-eth LinkLocalAddressing=ipv6",
    "all-eth RouteMetric=100",
    "all-eth UseMTU=true",
    "eth0 LinkLocalAddressing=ipv6",
    "eth0 Address=10.208.227.239/19",
    "eth0 Address=fd00:0:0:2::20/64",
    "eth0 IPv6AcceptRA=no",
    "eth0 VLAN=vlan5",
    "eth0 Route Destination=0.0.0.0/0 Gateway=10.208.224.1 Metric=2049",
    "eth0 Route Destination=::/0 Gateway=fe80::1",
    "eth1 RequiredForOnline=no",
    "eth1 DHCP=ipv4",
    "eth1 LinkLocalAddressing=ipv6",
    "eth1 RouteMetric=100",
    "eth1 UseMTU=true",
    "eth7 DHCP=ipv4",
    "eth7 LinkLocalAddressing=ipv6",
    "eth7 RouteMetric=100",
    "eth7 UseMTU=true",
    "vlan5 LinkLocalAddressing=ipv6",
    "vlan5 Address=198.51.100.9/24",
    "vlan5 ConfigureWithoutCarrier=yes",
  ],
  "hostile-label": ["eth0 LinkLocalAddressing=ipv6", "eth0 Address=198.51.100.10/24"],
  "no-address": ["eth0 LinkLocalAddressing=ipv6"],
  "no-gateway": ["eth0 MTUBytes=1400", "eth0 LinkLocalAddressing=ipv6", "eth0 Address=10.208.227.239/19"],
  "onlink-gateway": [
    "eth0 LinkLocalAddressing=ipv6",
    "eth0 Address=203.0.113.7/32",
    "eth0 Address=10.1.0.8/24",
    "eth0 Address=203.0.113.9/32",
    "eth0 Address=2001:db8:0:1::10/128",
    "eth0 IPv6AcceptRA=no",
    "eth0 Route Destination=0.0.0.0/0 Gateway=198.51.100.1 GatewayOnLink=true",
    "eth0 Route Destination=::/0 Gateway=2001:db8:0:1::1 GatewayOnLink=true",
    "eth0 Route Destination=192.0.2.0/24 Gateway=198.51.100.2 GatewayOnLink=true",
    "eth0 Route Destination=10.2.0.0/16 Gateway=10.1.0.1",
  ],
  "one-changed": twoGateways,
  // cloud-init's DHCP is off, the earlier agent's address is gone.
  "other-files": ["eth0 MTUBytes=1400", "eth0 LinkLocalAddressing=ipv6", "eth0 Address=10.208.227.239/19"],
  "two-gateways": twoGateways,
  "v6-only": [
    "enX0 LinkLocalAddressing=ipv6",
    "enX0 Address=2001:db8:0:1::10/64",
    "enX0 IPv6AcceptRA=no",
    "enX0 DNS=2001:db8::53",
    "enX0 Route Destination=::/0 Gateway=2001:db8:0:1::1",
  ],
};

const cases = readGoldenCases("netplan");

test("every golden case of netplan is read back", () => {
  assert.deepEqual(
    Object.keys(units).sort(),
    cases.map(({ name }) => name),
  );
});

for (const { name, after } of cases) {
  systemTest(`netplan makes the wanted units of ${name}`, { needs, timeoutMs }, async (context) => {
    assert.deepEqual(await generate(context, after), units[name]);
  });
}
