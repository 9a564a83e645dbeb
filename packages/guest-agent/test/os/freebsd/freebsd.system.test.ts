import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { runChecked, systemTest, temporaryDirectory } from "@nova-agent/testbed";
import { freebsd } from "../../../src/os/freebsd/backend.ts";
import { readGoldenCases } from "../golden-case.ts";
import { type GuestFiles, layOut, plannedFiles } from "../kernel-read-back.ts";
import { expectedOf, modelsAndRandom, type ReadBack, wantedOf } from "../models.ts";

const timeoutMs = 60_000;
const script = fileURLToPath(new URL("../../../../test/os/freebsd/read-rc-conf.sh", import.meta.url));

/** What rc would run for a guest, a line each. */
async function readCommands(context: TestContext, guest: GuestFiles): Promise<string[]> {
  const folder = await layOut(await temporaryDirectory(context), guest);
  const names = guest.network.vifs.map(({ name }) => name);
  return (await runChecked({ argv: [script, folder, ...names], timeoutMs })).trimEnd().split("\n");
}

/** The commands' meaning; a route is the first interface's, for the format says no more. */
function readBack(guest: GuestFiles, commands: readonly string[]): ReadBack {
  const dns = [...(guest.files.get("/etc/resolv.conf") ?? "").matchAll(/^nameserver (\S+)$/gm)];
  const entries = guest.network.vifs.map(({ name }, index) => {
    const own = commands.filter((command) => command.startsWith(`ifconfig ${name} `));
    const mtu = own.flatMap((command) => / mtu (\d+)/.exec(command)?.[1] ?? [])[0];
    return [
      name,
      {
        addresses: own.flatMap(addressOf).sort(),
        routes: index === 0 ? commands.flatMap(routeOf).sort() : [],
        dns: index === 0 ? dns.map(([, server = ""]) => server).sort() : [],
        mtuBytes: mtu === undefined ? undefined : Number(mtu),
      },
    ] as const;
  });
  return Object.fromEntries(entries);
}

function addressOf(command: string): string[] {
  const [, address4] = / inet (\S+)/.exec(command) ?? [];
  const [, address6, length] = / inet6 (\S+) prefixlen (\d+)/.exec(command) ?? [];
  return address4 === undefined ? (address6 === undefined ? [] : [`${address6}/${length}`]) : [address4];
}

function routeOf(command: string): string[] {
  const [, destination, gateway] =
    /^route add (?:-inet6 )?(?:-net )?(\S+) ([^-%\s]+)(?:%\S+)?$/.exec(command) ?? [];
  return destination === undefined ? [] : [`${destination} via ${gateway}`];
}

/** What the host wants, as far as the format can say it: no metrics, and routes and servers of no interface. */
function expectedCommands(guest: GuestFiles): ReadBack {
  const wanted = Object.entries(expectedOf(wantedOf(guest.network)));
  const routes = wanted
    .flatMap(([, each]) => each.routes)
    .filter((route) => !/^default .* metric /.test(route))
    .map((route) => route.replace(/ metric \d+$/, ""));
  const dns = [...new Set(wanted.flatMap(([, each]) => each.dns))];
  return Object.fromEntries(
    wanted.map(([name, each], index) => [
      name,
      { ...each, routes: index === 0 ? routes.sort() : [], dns: index === 0 ? dns.sort() : [] },
    ]),
  );
}

systemTest(
  "a shell finds every model and random networks in rc.conf",
  { needs: [], timeoutMs },
  async (context) => {
    for (const [name, network] of modelsAndRandom(context, 20)) {
      const guest = plannedFiles(freebsd, network);
      assert.deepEqual(readBack(guest, await readCommands(context, guest)), expectedCommands(guest), name);
    }
  },
);

// By ifconfig(8) and route(8).
const commands: Readonly<Record<string, readonly string[]>> = {
  canonical: [
    "ifconfig xn0 inet 198.51.100.10/24 -tso4 -lro",
    "ifconfig xn0 inet6 2001:db8:0:1::10 prefixlen 64 -accept_rtadv",
    "ifconfig xn0 inet 198.51.100.11/24 alias",
    "ifconfig xn0 inet6 2001:db8:0:1::11 prefixlen 64 alias",
    "ifconfig xn1 inet 10.208.227.239/19",
    "ifconfig xn1 inet6 fd00:0:0:2::20 prefixlen 64 -accept_rtadv",
    "ifconfig xn1 inet 10.208.227.240/19 alias",
    "ifconfig xn1 inet6 fd00:0:0:2::21 prefixlen 64 alias",
    "route add -net 10.208.0.0/12 10.208.224.1",
    "route add -net 10.176.0.0/12 10.208.224.1",
    "route add default 198.51.100.1",
    "route add -inet6 default fe80::def%xn0",
  ],
  "onlink-gateway": [
    "ifconfig xn0 inet 203.0.113.7/32",
    "ifconfig xn0 inet6 2001:db8:0:1::10 prefixlen 128 -accept_rtadv",
    "ifconfig xn0 inet 10.1.0.8/24 alias",
    "ifconfig xn0 inet 203.0.113.9/32 alias",
    "route add -host 198.51.100.1 -iface xn0",
    "route add -host 198.51.100.2 -iface xn0",
    "route add -net 192.0.2.0/24 198.51.100.2",
    "route add -net 10.2.0.0/16 10.1.0.1",
    "route add default 198.51.100.1",
    "route add -inet6 -host 2001:db8:0:1::1 -iface xn0",
    "route add -inet6 default 2001:db8:0:1::1",
  ],
  "two-gateways": [
    "ifconfig xn0 inet 10.208.227.239/19",
    "ifconfig xn0 inet6 fd00:0:0:2::20 prefixlen 64 -accept_rtadv",
    "ifconfig xn1 inet 198.51.100.10/24",
    "route add default 198.51.100.1",
    "route add -inet6 default fe80::1%xn0",
  ],
  "user-options": [
    "ifconfig xn0 inet 10.208.227.239/19 mtu 1400 -rxcsum -tso4",
    "route add -net 10.9.0.0/16 10.208.224.9",
  ],
  "v6-only": [
    "ifconfig xn0 up",
    "ifconfig xn0 inet6 2001:db8:0:1::10 prefixlen 64 -accept_rtadv",
    "route add -inet6 default fe80::1%xn0",
  ],
};

systemTest(
  "a shell finds the commands of every golden case in rc.conf",
  { needs: [], timeoutMs },
  async (context) => {
    for (const { name, network, after: files } of readGoldenCases("freebsd")) {
      assert.deepEqual(await readCommands(context, { network, files }), commands[name], name);
    }
  },
);
