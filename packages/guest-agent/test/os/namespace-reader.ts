import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { runChecked, temporaryDirectory } from "@nova-agent/testbed";
import { gatewayRoutes, globalAddresses, type JsonLink, type JsonRoute } from "./kernel-json.ts";
import type { ReadBack } from "./models.ts";

/** What a script has made of a guest's files in network namespaces of its own. */
export interface NamespaceOutcome {
  readonly interfaces: ReadBack;
  /** The second and third words of its lines, by the first: `mtu` has `["eth0", "1400"]`. */
  readonly told: ReadonlyMap<string, readonly (readonly [string, string])[]>;
}

const timeoutMs = 30_000;

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
  const entries = links.map((link) => [
    link.ifname,
    {
      addresses: globalAddresses(link),
      routes: gatewayRoutes(routes, link.ifname),
      dns: valuesOf("dns", link.ifname).toSorted(),
      mtuBytes: valuesOf("mtu", link.ifname).map(Number)[0],
    },
  ]);
  return Object.fromEntries(entries) as ReadBack;
}

function jsonOf<Value>(lines: readonly string[], kind: string): Value[] {
  const own = lines.filter((line) => line.startsWith(`${kind} `));
  return own.flatMap((line) => JSON.parse(line.slice(kind.length + 1)) as Value[]);
}
