import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { HostConnector, readVersion, resetNetwork } from "@nova-agent/host";
import { DemoGuest, demoNetworks, networkPath } from "@nova-agent/host/demo";
import {
  type Cleanup,
  privateRoot,
  repositoryRoot,
  runChecked,
  temporaryDirectory,
} from "@nova-agent/testbed";
import { Store, XenstoreClient } from "@nova-agent/xenstore";
import { connectUnix, listenXenstore, nodeClock } from "@nova-agent/xenstore/node";
import { demoTest } from "./support/demo-test.ts";
import { parseAddresses, parseRoutes } from "./support/network-state.ts";

const needs = ["namespaces", "ip", "apt"] as const;

demoTest("the stand-in for ifupdown leaves the same network as Debian's own", { needs }, async (cleanup) => {
  const standIn = await networksAfterResets(cleanup, []);
  const real = await networksAfterResets(cleanup, [await unpackIfupdown(cleanup)]);
  assert.equal(standIn.ifupdown, "stand-in");
  assert.equal(real.ifupdown, "machine");
  assert.deepEqual(standIn.states, real.states);
  assert.notDeepEqual(real.states[0], real.states[1]);
});

/** The package's files laid out as on a system where /sbin and /lib are links into /usr. */
async function unpackIfupdown(cleanup: Cleanup): Promise<string> {
  const root = await privateRoot(["ifupdown"]);
  const layer = await temporaryDirectory(cleanup);
  for (const name of ["sbin", "lib"]) {
    await mkdir(join(layer, "usr", name), { recursive: true });
    await cp(join(root, name), join(layer, "usr", name), { recursive: true, verbatimSymlinks: true });
  }
  return layer;
}

/** What the guest's network is after its first reset, and after one with another public network. */
async function networksAfterResets(cleanup: Cleanup, layers: readonly string[]) {
  const { xenstore, guest } = await startGuest(cleanup, layers);
  const connector = new HostConnector({ xenstore, clock: nodeClock, newId: randomUUID });
  const { domid, networks } = guest.domain;
  const reset = async () => {
    await guest.whileAgentRuns(readVersion(connector, { domid }));
    await guest.whileAgentRuns(resetNetwork(connector, { domid }));
    return readNetwork(guest);
  };
  const first = await reset();
  const [network] = networks;
  assert.ok(network !== undefined);
  const changed = { ...network, ips: network.ips.slice(0, 1), ip6s: network.ip6s?.slice(1) };
  await xenstore.write(networkPath(domid, network.mac), JSON.stringify(changed));
  return { ifupdown: guest.enclosure.ifupdown, states: [first, await reset()] };
}

async function startGuest(cleanup: Cleanup, layers: readonly string[]) {
  const directory = await temporaryDirectory(cleanup);
  const server = await listenXenstore({ store: new Store(), clock: nodeClock, directory });
  cleanup.after(() => server.close());
  const xenstore = await XenstoreClient.open({ connect: connectUnix(server.socketPath), clock: nodeClock });
  cleanup.after(() => xenstore.close());
  const guest = await DemoGuest.start({
    xenstore,
    domainSocketPath: server.domainSocketPath(1),
    domain: {
      domid: 1,
      name: "demo",
      uuid: randomUUID(),
      hostname: "demo",
      networks: demoNetworks({ hasIpv6: true }),
      memoryKib: 65_536,
    },
    tree: join(directory, "tree"),
    agent: {
      directory: repositoryRoot().replace(/\/$/, ""),
      main: "packages/guest-agent/dist/src/hosts/node/main.js",
    },
    enclosure: "namespaces",
    layers,
  });
  cleanup.after(() => guest.close());
  return { xenstore, guest };
}

async function readNetwork({ enclosure }: DemoGuest) {
  const ip = (args: readonly string[]) =>
    runChecked({ argv: [...(enclosure.enterCommand ?? ["false"]), "ip", "-j", ...args], timeoutMs: 10_000 });
  return {
    addresses: parseAddresses(await ip(["address"]), ["eth0", "eth1"]),
    routes: parseRoutes(await ip(["route"])),
    routes6: parseRoutes(await ip(["-6", "route"])),
  };
}
