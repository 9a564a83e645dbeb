import { parseNetworking } from "../../src/network/parse-networking.ts";
import { planReset } from "../../src/commands/resetnetwork.ts";
import { createLogger } from "../../src/log.ts";
import type { Plan } from "../../src/plan.ts";
import { recover, execute } from "../../src/system/executor.ts";
import { JOURNAL_PATH } from "../../src/system/journal.ts";
import { ORIGINALS_PATH } from "../../src/system/originals.ts";
import { readResetFacts } from "../../src/system/reset-facts.ts";
import type { System } from "../../src/system/system.ts";
import { createFakeSystem, type FakeResult, type FakeSystem, type RecordedCall } from "./fake-system.ts";

const INTERFACES = "/etc/network/interfaces";
const STATE = "/run/network/ifstate";
const MAC = "00:16:3e:00:00:01";

/** The networks that the guest is moved between; each has its own gateway. */
export const NETWORKS = {
  old: { address: "192.0.2.10", gateway: "192.0.2.1" },
  new: { address: "198.51.100.10", gateway: "198.51.100.1" },
} as const;

/** The name of one of them. */
export type NetworkName = keyof typeof NETWORKS;

/** What goes wrong in a simulated guest. */
export interface Faults {
  /** Replaces what a program does; its effect comes about unless it says that there is none. */
  program?: (
    call: RecordedCall,
    index: number,
  ) => (FakeResult & { readonly hasEffect?: boolean }) | undefined;
  /** Gateways that answer nothing. */
  readonly silent: Set<string>;
}

/**
 * A Debian guest with ifupdown whose programs work on a kernel of one interface, and whose clock runs
 * only while somebody waits.
 */
export interface SimulatedGuest {
  readonly system: FakeSystem;
  readonly faults: Faults;
  /** Time that has passed. */
  readonly nowMs: () => number;
  readonly log: readonly string[];
  /** The kernel's address, such as `192.0.2.10/24`. */
  readonly address: () => string | undefined;
  readonly hostname: () => string;
  readonly plan: (network: NetworkName) => Promise<Plan>;
  /** Resets to a network; returns the message of the failure. */
  readonly reset: (network: NetworkName) => Promise<string | undefined>;
  readonly recover: () => Promise<void>;
  /** Every file but the originals and the kernel's own, by path. */
  readonly files: () => Readonly<Record<string, string>>;
}

/** Creates one that has no network yet. */
export function createSimulatedGuest(): SimulatedGuest {
  let nowMs = 0;
  let kernel: { readonly address: string; readonly gateway: string } | undefined;
  let hostname = "debian";
  let calls = 0;
  const faults: Faults = { silent: new Set() };
  const clock: System["clock"] = {
    nowMs: () => nowMs,
    after: (delayMs, callback) => {
      let isCancelled = false;
      setImmediate(() => {
        if (isCancelled) return;
        nowMs += delayMs;
        callback();
      });
      return () => {
        isCancelled = true;
      };
    },
  };
  const system = createFakeSystem({ clock, run });
  const { files } = system;
  const lines: string[] = [];
  const log = createLogger({ level: "debug", write: (line) => lines.push(line), unixTime: () => 0 });
  const options = { system, root: "/", log };
  prepare();

  function prepare(): void {
    files.addFile("/sys/class/net/eth0/address", `${MAC}\n`);
    files.addFile("/sys/class/net/eth0/device/nodename", "device/vif/0");
    files.addFile("/etc/hostname", "debian\n");
    files.addFile("/etc/hosts", "127.0.0.1\tlocalhost\n127.0.1.1\tdebian\n");
    files.addFile("/sbin/ifup", "");
    files.addFile("/sbin/resolvconf", "");
    files.addFile(INTERFACES, "auto lo\niface lo inet loopback\n");
    files.addFile(STATE, "lo=lo\n");
    files.addDirectory("/proc/net");
    showKernel();
  }

  /** The kernel's own files; they are not asked whether a disk is full. */
  function showKernel(): void {
    const hex = (kernel?.gateway ?? "0.0.0.0").split(".").toReversed();
    const gateway = hex.map((byte) => Number(byte).toString(16).padStart(2, "0")).join("");
    const route = `eth0\t00000000\t${gateway}\t0003\t0\t0\t0\t00000000\t0\t0\t0\n`;
    files.addFile("/proc/net/route", kernel === undefined ? "Iface\n" : `Iface\n${route}`);
    files.addFile("/proc/sys/kernel/hostname", `${hostname}\n`);
  }

  function run(call: RecordedCall): FakeResult {
    const fault = faults.program?.(call, calls++);
    const result = fault?.hasEffect === false ? {} : act(call.argv);
    if (fault?.errno === "ETIMEDOUT") nowMs += call.timeoutMs;
    showKernel();
    return fault ?? result;
  }

  function act(argv: readonly string[]): FakeResult {
    const [program, ...rest] = argv;
    const line = rest.join(" ");
    if (program === "ifup") return bringUp(rest[0] === "--force");
    if (program === "ifdown") return takeDown();
    if (program === "hostname") return nameHost(rest[0]);
    if (program === "ping") return { status: isAnswering(rest.at(-1) ?? "") ? 0 : 1 };
    if (line === "address show") return { stdout: showAddresses() };
    if (line === "address flush dev eth0") kernel = undefined;
    return {};
  }

  function bringUp(isForced: boolean): FakeResult {
    const text = files.text(INTERFACES) ?? "";
    const [, address] = /address (\S+)/.exec(text) ?? [];
    const [, gateway] = /gateway (\S+)/.exec(text) ?? [];
    // Like ifup, which leaves alone what it has up, and knows nothing of what stands in no file.
    if (address === undefined || gateway === undefined) return { status: 1, stderr: "Ignoring unknown" };
    if (isForced || !(files.text(STATE) ?? "").includes("eth0")) kernel = { address, gateway };
    files.addFile(STATE, "lo=lo\neth0=eth0\n");
    return {};
  }

  function takeDown(): FakeResult {
    kernel = undefined;
    files.addFile(STATE, "lo=lo\n");
    return {};
  }

  function nameHost(name: string | undefined): FakeResult {
    hostname = name ?? hostname;
    return { stdout: `${hostname}\n` };
  }

  function isAnswering(gateway: string): boolean {
    return kernel?.gateway === gateway && !faults.silent.has(gateway);
  }

  function showAddresses(): string {
    const own =
      kernel === undefined
        ? ""
        : `    inet ${kernel.address} scope global eth0\n       valid_lft forever preferred_lft forever\n`;
    const head = "mtu 1500 qdisc noqueue\n";
    return `1: lo: <LOOPBACK,UP> ${head}2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> ${head}${own}`;
  }

  async function plan(network: NetworkName): Promise<Plan> {
    const { address, gateway } = NETWORKS[network];
    const ips = [{ ip: address, netmask: "255.255.255.0" }];
    const value = JSON.stringify({ label: network, mac: MAC, ips, gateway });
    const links = [parseNetworking("x", value)];
    return planReset(await readResetFacts({ links, hostname: network }, { system, root: "/" }));
  }

  return {
    system,
    faults,
    log: lines,
    plan,
    nowMs: () => nowMs,
    address: () => kernel?.address,
    hostname: () => hostname,
    recover: () => recover(options),
    reset: async (network) => {
      try {
        await execute(await plan(network), options);
        return undefined;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
    files: () =>
      Object.fromEntries(
        Object.entries(files.all()).filter(
          ([path]) => !/^\/(proc|run)\//.test(path) && !path.startsWith(ORIGINALS_PATH),
        ),
      ),
  };
}

/** Whether a journal is left behind. */
export function hasJournal({ system }: SimulatedGuest): boolean {
  return system.files.text(JOURNAL_PATH) !== undefined;
}
