import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { runChecked, temporaryDirectory } from "@nova-agent/testbed";
import type { NetworkBackend } from "../../src/os/backend.ts";
import { type GoldenNetwork, filesAfter } from "./golden-case.ts";
import {
  gatewayRoutes,
  globalAddresses,
  type JsonLink,
  type JsonRoute,
  VETH_MTU_BYTES,
} from "./kernel-json.ts";
import { type ReadBack, type ReadBackInterface, wantedOf } from "./models.ts";

const GUESTS_TIMEOUT_MS = 100_000;

/** A guest's files with the interfaces that they are of. */
export interface GuestFiles {
  readonly network: GoldenNetwork;
  readonly files: ReadonlyMap<string, string>;
}

/** What a network manager makes of one guest, and the global addresses once it has stopped. */
export interface GuestOutcome {
  readonly started: ReadBack;
  readonly left: readonly string[];
}

/**
 * What the kernel has and resolvconf was told once a script has started each guest's interfaces. The
 * script is run as `SCRIPT WORK GUEST...` behind its own words, in namespaces: WORK is an empty
 * directory, a GUEST one with the files of a guest and the names of its interfaces in the file `links`.
 * It prints five lines of JSON for each: the addresses, the routes of IPv4 and of IPv6, what resolvconf
 * was told (`eth0:nameserver 192.0.2.53`), and the addresses once the interfaces are stopped.
 */
export async function startGuests(
  context: TestContext,
  {
    words,
    guests,
  }: { readonly words: readonly [string, ...string[]]; readonly guests: readonly GuestFiles[] },
): Promise<GuestOutcome[]> {
  const [work, base] = [await temporaryDirectory(context), await temporaryDirectory(context)];
  const folders = await Promise.all(guests.map((guest, index) => layOut(join(base, String(index)), guest)));
  const output = await runChecked({
    argv: ["unshare", "-Urnm", ...words, work, ...folders],
    timeoutMs: GUESTS_TIMEOUT_MS,
  });
  const lines = output
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
  assert.equal(lines.length, 5 * guests.length);
  return guests.map(({ network }, index) => outcomeOf(network, lines.slice(5 * index, 5 * index + 5)));
}

/** Writes a guest into a folder that need not be there, and returns it. */
export async function layOut(folder: string, { network, files }: GuestFiles): Promise<string> {
  for (const [path, text] of files) {
    await mkdir(dirname(folder + path), { recursive: true });
    await writeFile(folder + path, text);
  }
  await writeFile(join(folder, "links"), network.vifs.map(({ name }) => `${name}\n`).join(""));
  return folder;
}

function outcomeOf({ vifs }: GoldenNetwork, lines: readonly unknown[]): GuestOutcome {
  const [links, routes4, routes6, dns, left] = lines as [
    JsonLink[],
    JsonRoute[],
    JsonRoute[],
    string[],
    JsonLink[],
  ];
  const entries = vifs.map(({ name }) => {
    const link = links.find(({ ifname }) => ifname === name);
    assert.ok(link);
    const found: ReadBackInterface = {
      addresses: globalAddresses(link),
      routes: gatewayRoutes([...routes4, ...routes6], name),
      dns: dns.flatMap((line) => line.split(`${name}:nameserver `).slice(1)).sort(),
      mtuBytes: link.mtu === VETH_MTU_BYTES ? undefined : link.mtu,
    };
    return [name, found] as const;
  });
  return { started: Object.fromEntries(entries), left: left.flatMap(globalAddresses) };
}

/** The files of a guest that had none before, with these paths of evidence. */
export function plannedFiles(
  backend: NetworkBackend,
  network: GoldenNetwork,
  evidence: readonly string[] = [],
): GuestFiles {
  const facts = {
    vifs: network.vifs,
    hostname: "x",
    evidence: new Map(evidence.map((path) => [path, {}])),
    files: new Map<string, string>(),
  };
  return { network, files: filesAfter(new Map(), backend.plan(wantedOf(network), facts)) };
}
