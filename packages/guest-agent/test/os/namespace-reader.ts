import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { runChecked, temporaryDirectory } from "@nova-agent/testbed";
import type { GoldenNetwork } from "./golden-case.ts";
import type { ReadBack } from "./models.ts";

/** What a script has made of a guest's files in network namespaces of its own. */
export interface NamespaceOutcome {
  readonly interfaces: ReadBack;
  /** The second and third words of its lines, by the first: `mtu` has `["eth0", "1400"]`. */
  readonly told: ReadonlyMap<string, readonly (readonly [string, string])[]>;
}

interface JsonLink {
  readonly ifname: string;
  readonly link_index?: number;
  readonly addr_info: readonly {
    readonly local: string;
    readonly prefixlen: number;
    readonly scope: string;
  }[];
}

interface JsonRoute {
  readonly dst: string;
  readonly gateway?: string;
  readonly dev: string;
  readonly metric?: number;
}

/** The metric of an IPv6 route that was asked for without one. */
const IPV6_METRIC = 1024;

const timeoutMs = 30_000;

const macs = ["00:16:3e:00:00:01", "00:16:3e:00:00:02"];

/** Two interfaces with the same gateway, outside of both subnets. */
export const sharedGateway: GoldenNetwork = {
  vifs: macs.map((mac, index) => ({ name: `eth${index}`, mac, index })),
  networking: Object.fromEntries(
    macs.map((mac, index) => [
      mac,
      {
        mac,
        ips: [{ ip: `192.0.2.${10 + index}`, netmask: "255.255.255.255", enabled: "1" }],
        ip6s: [{ ip: `2001:db8:5::${1 + index}`, netmask: 128, enabled: "1" }],
        gateway: "198.51.100.1",
        gateway_v6: "2001:db8:9::1",
      },
    ]),
  ),
};

/**
 * Writes a guest's files below a directory, runs a script with it in a network namespace, and reads
 * back what `ip` then tells there. The script ends with the lines `addresses JSON` and `routes JSON`.
 */
export async function bringUp(
  context: TestContext,
  { script, files }: { readonly script: string; readonly files: ReadonlyMap<string, string> },
): Promise<NamespaceOutcome> {
  const root = await temporaryDirectory(context);
  for (const [path, text] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const argv = ["unshare", "-Urnm", "bash", script, root] as const;
  const lines = (await runChecked({ argv, timeoutMs })).trimEnd().split("\n");
  const told = new Map<string, (readonly [string, string])[]>();
  for (const line of lines.filter((each) => !/^(addresses|routes) /.test(each))) {
    const [kind = "", name = "", value = ""] = line.split(" ");
    told.set(kind, [...(told.get(kind) ?? []), [name, value]]);
  }
  return { interfaces: readBack(lines, told), told };
}

function readBack(lines: readonly string[], told: NamespaceOutcome["told"]): ReadBack {
  const links = jsonOf<JsonLink>(lines, "addresses").filter(({ ifname }) => !/^(lo$|peer-)/.test(ifname));
  const routes = jsonOf<JsonRoute>(lines, "routes");
  const valuesOf = (kind: string, name: string) =>
    (told.get(kind) ?? []).filter(([each]) => each === name).map(([, value]) => value);
  const entries = links.map(({ ifname, addr_info }) => [
    ifname,
    {
      addresses: addr_info
        .filter(({ scope }) => scope === "global")
        .map(({ local, prefixlen }) => `${local}/${prefixlen}`)
        .toSorted(),
      routes: routes
        .filter(({ dev, gateway }) => dev === ifname && gateway !== undefined)
        .map(spellRoute)
        .toSorted(),
      dns: valuesOf("dns", ifname).toSorted(),
      mtuBytes: valuesOf("mtu", ifname).map(Number)[0],
    },
  ]);
  return Object.fromEntries(entries) as ReadBack;
}

/** What `ip` says, in the words of the models: the prefix of one address is never left out. */
function spellRoute({ dst, gateway, metric = 0 }: JsonRoute): string {
  const to = dst === "default" || dst.includes("/") ? dst : `${dst}/${dst.includes(":") ? 128 : 32}`;
  const isOwn = metric === 0 || (gateway?.includes(":") && metric === IPV6_METRIC);
  return `${to} via ${gateway}${isOwn ? "" : ` metric ${metric}`}`;
}

function jsonOf<Value>(lines: readonly string[], kind: string): Value[] {
  const own = lines.filter((line) => line.startsWith(`${kind} `));
  return own.flatMap((line) => JSON.parse(line.slice(kind.length + 1)) as Value[]);
}
