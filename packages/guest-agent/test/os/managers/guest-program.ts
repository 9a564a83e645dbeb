// The guest's side of the managers' system tests: resets the network of the machine it runs on, once for
// every entry of its argument (JSON), and prints what came of each, a line of JSON an entry.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { planReset } from "../../../src/commands/resetnetwork.ts";
import { createNodeSystem } from "../../../src/hosts/node/index.ts";
import { parseNetworking } from "../../../src/network/parse-networking.ts";
import { chooseBackend } from "../../../src/os/index.ts";
import { flatSteps, type Plan } from "../../../src/plan.ts";
import { execute } from "../../../src/system/executor.ts";
import { readResetFacts, type ResetFacts } from "../../../src/system/reset-facts.ts";
import {
  gatewayRoutes,
  globalAddresses,
  type JsonLink,
  type JsonRoute,
  VETH_MTU_BYTES,
} from "../kernel-json.ts";
import type { ReadBack, ReadBackInterface } from "../models.ts";

/** One entry of the program's argument. */
export interface ManagedReset {
  readonly networking: Readonly<Record<string, unknown>>;
  /** Files that a user has written before, each with its mode 0600; null for one that was removed. */
  readonly files?: Readonly<Record<string, string | null>>;
  /** Programs that a user has run before. */
  readonly programs?: readonly (readonly string[])[];
  /** After how many steps the agent is killed: nothing behind them is done or taken back. */
  readonly killedAfter?: number;
}

/** What one reset made of the guest. */
export interface ManagedOutcome {
  readonly backend: string;
  readonly error?: string;
  /** Steps that the plan had, and that a second one has. */
  readonly steps: number;
  readonly stepsAgain: number;
  readonly interfaces: ReadBack;
  /** Interfaces that are administratively up. */
  readonly up: readonly string[];
  readonly resolvConf: string;
  /** What `ip monitor` has told in `/run/monitor.log`, where a program of the user's lets it. */
  readonly monitored: readonly string[];
  /** How often each interface was brought up since the guest began, where the manager counts it. */
  readonly activations: Readonly<Record<string, number>>;
}

/** The least metric with which the agent makes a default route give way; managers have lower ones of their own. */
const SPARE_METRIC = 2048;

const QUIET_LOOKS = 8;
const LOOKS_MAX = 300;
const LOOK_POLL_MS = 100;

const system = createNodeSystem({
  connectXenstore: () => Promise.reject(new Error("Not used")),
  environment: process.env,
});

for (const wanted of JSON.parse(process.argv[2] ?? "[]") as readonly ManagedReset[]) {
  process.stdout.write(`${JSON.stringify(await reset(wanted))}\n`);
}

async function reset(wanted: ManagedReset): Promise<ManagedOutcome> {
  for (const [path, text] of Object.entries(wanted.files ?? {})) {
    if (text === null) rmSync(path, { force: true });
    else writeFileSync(path, text, { mode: path.endsWith(".network") ? 0o644 : 0o600 });
  }
  for (const [program = "", ...words] of wanted.programs ?? []) spawnSync(program, words);
  const facts = await readFacts(wanted);
  const plan = planReset(facts);
  const error = await execute(cut(plan, wanted.killedAfter), { system, root: "/" }).then(
    () => ({}),
    (reason: Error) => ({ error: reason.message }),
  );
  const stepsAgain = wanted.killedAfter === undefined ? await settle(wanted) : 0;
  return {
    backend: chooseBackend(facts.network).name,
    ...error,
    steps: flatSteps(plan.steps).length,
    stepsAgain,
    ...look(),
  };
}

function readFacts({ networking }: ManagedReset): Promise<ResetFacts> {
  const links = Object.entries(networking).map(([key, value]) => parseNetworking(key, JSON.stringify(value)));
  return readResetFacts({ links, hostname: undefined }, { system, root: "/" });
}

/**
 * Steps that another plan has. networkd takes a link's addresses away for moments when its unit is read
 * again, and says so to nobody: so there have to be none several times in a row.
 */
async function settle(wanted: ManagedReset): Promise<number> {
  let [steps, looks, quietLooks] = [0, 0, 0];
  while (quietLooks < QUIET_LOOKS && looks < LOOKS_MAX) {
    steps = flatSteps(planReset(await readFacts(wanted)).steps).length;
    quietLooks = steps === 0 ? quietLooks + 1 : 0;
    looks += 1;
    await new Promise<void>((resolve) => {
      system.clock.after(LOOK_POLL_MS, resolve);
    });
  }
  return steps;
}

function cut(plan: Plan, count: number | undefined): Plan {
  return count === undefined ? plan : { ...plan, steps: flatSteps(plan.steps).slice(0, count) };
}

function look(): Pick<ManagedOutcome, "interfaces" | "up" | "resolvConf" | "monitored" | "activations"> {
  const links = (ask("address", "show") as readonly JsonLink[]).filter(({ ifname }) =>
    ifname.startsWith("eth"),
  );
  const routes = [...ask("-4", "route", "show"), ...ask("-6", "route", "show")] as readonly JsonRoute[];
  return {
    interfaces: Object.fromEntries(links.map((link) => [link.ifname, readBack(link, routes)])),
    up: links.filter(({ flags }) => flags.includes("UP")).map(({ ifname }) => ifname),
    resolvConf: readText("/etc/resolv.conf"),
    monitored: readText("/run/monitor.log")
      .split("\n")
      .filter((line) => line !== ""),
    activations: Object.fromEntries(links.map(({ ifname }) => [ifname, countActivations(ifname)])),
  };
}

function readBack(link: JsonLink, routes: readonly JsonRoute[]): ReadBackInterface {
  return {
    addresses: globalAddresses(link),
    routes: gatewayRoutes(routes.map(withoutManagersMetric), link.ifname),
    dns: nameServers(link).toSorted(),
    mtuBytes: link.mtu === VETH_MTU_BYTES ? undefined : link.mtu,
  };
}

function withoutManagersMetric(route: JsonRoute): JsonRoute {
  const { metric = 0 } = route;
  return { ...route, metric: metric < SPARE_METRIC ? 0 : metric };
}

/** What the manager itself says of an interface's name servers. */
function nameServers({ ifname, ifindex }: JsonLink): string[] {
  const state = readText(`/run/systemd/netif/links/${ifindex}`);
  const servers = /^DNS=(.*)$/m.exec(state)?.[1];
  if (servers !== undefined) return servers.split(" ").filter((server) => server !== "");
  const { stdout } = spawnSync("nmcli", ["-e", "no", "-g", "IP4.DNS,IP6.DNS", "device", "show", ifname], {
    encoding: "utf8",
  });
  return (stdout ?? "").split(/\s*\|\s*|\n/).filter((server) => server !== "");
}

function countActivations(name: string): number {
  const text = readText("/run/manager.log");
  return text.split(`device (${name}): Activation: successful`).length - 1;
}

function ask(...words: readonly string[]): readonly unknown[] {
  const { stdout } = spawnSync("ip", ["-j", ...words], { encoding: "utf8" });
  return JSON.parse(stdout || "[]") as readonly unknown[];
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
