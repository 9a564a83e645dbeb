// The guest's side of the system test: resets the network of the machine it runs on, once for every
// network in its argument (JSON), and prints what came of each, a line of JSON a network.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { planReset } from "../../../src/commands/resetnetwork.ts";
import { createNodeSystem } from "../../../src/hosts/node/index.ts";
import { parseNetworking } from "../../../src/network/parse-networking.ts";
import { flatSteps } from "../../../src/plan.ts";
import { execute } from "../../../src/system/executor.ts";
import { readResetFacts } from "../../../src/system/reset-facts.ts";
import { globalAddresses, IPV6_METRIC, type JsonLink, type JsonRoute } from "../kernel-json.ts";

/** What one reset made of the guest. */
export interface ResetOutcome {
  /** Steps that the plan had. */
  readonly steps: number;
  readonly error?: string;
  readonly hostname: string;
  readonly interfaces: string;
  readonly resolvConf: string;
  /** Global addresses, `eth0 192.0.2.1/24`, sorted. */
  readonly addresses: readonly string[];
  /** Routes that were asked for, `default via 192.0.2.254 dev eth0`, sorted. */
  readonly routes: readonly string[];
  /** `eth0 mtu 1500` of the VIFs that are up in the kernel. */
  readonly links: readonly string[];
  /** Interfaces that are up, by ifup's own state. */
  readonly up: readonly string[];
}

/** One entry of the program's argument. */
export interface WantedReset {
  readonly hostname?: string;
  /** An address with which ifup fails, after it has set it. */
  readonly refusedAddress?: string;
  readonly networking: Readonly<Record<string, unknown>>;
  /** After how many steps the agent is killed: nothing behind them is done or taken back. */
  readonly killedAfter?: number;
  /** Whether eth1 is detached before this reset; it is attached again before the next one without. */
  readonly isDetached?: boolean;
}

/** Where the sysfs of eth1 is while it is detached. */
const DETACHED = "/sys/detached-eth1";

const system = createNodeSystem({
  connectXenstore: () => Promise.reject(new Error("Not used")),
  environment: process.env,
});

for (const wanted of JSON.parse(process.argv[2] ?? "[]") as readonly WantedReset[]) {
  process.stdout.write(`${JSON.stringify(await reset(wanted))}\n`);
}

async function reset({
  hostname,
  networking,
  refusedAddress,
  killedAfter,
  isDetached = false,
}: WantedReset): Promise<ResetOutcome> {
  if (isDetached !== existsSync(DETACHED)) (isDetached ? detach : attach)();
  // A script that fails makes ifup fail (interfaces(5), "HOOK SCRIPTS").
  const script = `#!/bin/sh\n! ip address show dev "$IFACE" | grep -qF "${refusedAddress ?? "none"}"\n`;
  writeFileSync("/etc/network/if-up.d/refuse", script, { mode: 0o755 });
  const links = Object.entries(networking).map(([key, value]) => parseNetworking(key, JSON.stringify(value)));
  const plan = planReset(await readResetFacts({ links, hostname }, { system, root: "/" }));
  const steps = flatSteps(plan.steps);
  const done = killedAfter === undefined ? plan : { ...plan, steps: steps.slice(0, killedAfter) };
  const error = await execute(done, { system, root: "/" }).then(
    () => ({}),
    (reason: Error) => ({ error: reason.message }),
  );
  return { steps: steps.length, ...error, ...look() };
}

function detach(): void {
  spawnSync("/usr/bin/ip", ["link", "del", "eth1"]);
  renameSync("/sys/class/net/eth1", DETACHED);
}

function attach(): void {
  const pair = ["address", "40:40:97:83:78:2e", "type", "veth", "peer", "name", "host1"];
  spawnSync("/usr/bin/ip", ["link", "add", "eth1", ...pair]);
  spawnSync("/usr/bin/ip", ["link", "set", "host1", "up"]);
  renameSync(DETACHED, "/sys/class/net/eth1");
}

function look(): Omit<ResetOutcome, "steps"> {
  const devices = ask("address", "show") as readonly JsonLink[];
  return {
    hostname: readText("/proc/sys/kernel/hostname").trim(),
    interfaces: readText("/etc/network/interfaces"),
    resolvConf: readText("/etc/resolv.conf"),
    links: devices
      .filter(({ ifname, flags }) => ifname.startsWith("eth") && flags.includes("UP"))
      .map(({ ifname, mtu }) => `${ifname} mtu ${mtu}`),
    addresses: devices
      .flatMap((device) => globalAddresses(device).map((address) => `${device.ifname} ${address}`))
      .sort(),
    routes: [...routes("-4"), ...routes("-6")].sort(),
    up: `${readText("/run/network/ifstate")}${readText("/run/ifstate")}`
      .trim()
      .split("\n")
      .map((line) => line.split(" ")[0] ?? "")
      .sort(),
  };
}

/** Routes with a gateway: the others are the kernel's own, one an address. */
function routes(family: string): string[] {
  return (ask(family, "route", "show") as readonly JsonRoute[])
    .filter(({ gateway }) => gateway !== undefined)
    .map(({ dst, gateway, dev, flags, metric = 0 }) => {
      const rank = metric === 0 || metric === IPV6_METRIC ? "" : ` metric ${metric}`;
      return `${dst} via ${gateway} dev ${dev}${rank}${flags.includes("onlink") ? " onlink" : ""}`;
    });
}

function ask(...words: readonly string[]): unknown {
  return JSON.parse(spawnSync("/usr/bin/ip", ["-j", ...words], { encoding: "utf8" }).stdout || "[]");
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
