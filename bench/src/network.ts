import { fileURLToPath } from "node:url";
import {
  findUnmetNeeds,
  makeTemporaryDirectory,
  privateRoot,
  removeDirectory,
  repositoryRoot,
  runChecked,
} from "@nova-agent/testbed";

/** One reset of the network: what `vm-data/networking` says when it is asked for. */
export interface NetworkRound {
  readonly what: string;
  readonly networking: Readonly<Record<string, unknown>>;
}

/** What one reset took, from the host's write of the request to its read of the answer. */
export interface RoundResult {
  readonly what: string;
  readonly durationMs: number;
  /** Processes that were started for it, whoever started them. */
  readonly processes: number;
}

const ROUNDS = 5;
const TIMEOUT_MS = 300_000;
const namespaceScript = `${repositoryRoot()}packages/guest-agent/test/os/ifupdown/guest-namespace.sh`;
const guestProgram = fileURLToPath(new URL("./network-guest.js", import.meta.url));

/**
 * Measures `resetnetwork` in a Debian guest made of namespaces, with the real ifup, two interfaces and
 * five addresses on each: when nothing has changed, when one address is new, and when all are.
 */
export async function benchNetwork({ isQuick }: { readonly isQuick: boolean }): Promise<void> {
  console.log("\nresetnetwork with ifupdown, 2 interfaces, 10 addresses\n");
  const unmet = await findUnmetNeeds(["namespaces", "apt", "ip"]);
  if (unmet.length > 0) {
    console.log(`Left out: it needs ${unmet.join(", ")}`);
    return;
  }
  const results = await runGuest(roundsOf(isQuick ? 1 : ROUNDS));
  console.log(row("", "runs", "median ms", "processes"));
  for (const what of new Set(results.map((result) => result.what))) {
    const own = results.filter((result) => result.what === what);
    const times = own.map(({ durationMs }) => durationMs).toSorted((a, b) => a - b);
    const processes = own.map((result) => result.processes).toSorted((a, b) => a - b);
    const middle = Math.floor(own.length / 2);
    console.log(
      row(what, String(own.length), (times[middle] ?? 0).toFixed(1), String(processes[middle] ?? 0)),
    );
  }
}

function roundsOf(count: number): NetworkRound[] {
  const rounds = [{ what: "first", networking: networkingOf(10, 5) }];
  for (let index = 1; index <= count; index += 1) {
    const first = 10 + index * 20;
    rounds.push(
      { what: "all changed", networking: networkingOf(first, 5) },
      { what: "nothing changed", networking: networkingOf(first, 5) },
      { what: "one address added", networking: networkingOf(first, 6) },
    );
  }
  return rounds;
}

/** The second interface never gets the sixth address. */
function networkingOf(first: number, count: number): NetworkRound["networking"] {
  const addresses = (prefix: string, length: number): unknown[] =>
    Array.from({ length }, (_, index) => ({
      ip: `${prefix}.${first + index}`,
      netmask: "255.255.255.0",
      enabled: "1",
    }));
  return {
    BC764E206C5B: {
      label: "public",
      mac: "BC:76:4E:20:6C:5B",
      ips: addresses("198.51.100", count),
      gateway: "198.51.100.1",
    },
    "40409783782E": { label: "private", mac: "40:40:97:83:78:2E", ips: addresses("10.208.0", 5) },
  };
}

async function runGuest(rounds: readonly NetworkRound[]): Promise<RoundResult[]> {
  const root = await privateRoot(["ifupdown"]);
  const work = await makeTemporaryDirectory();
  try {
    const guest = [namespaceScript, "ifupdown", root, work, process.execPath, guestProgram];
    const output = await runChecked({
      argv: ["unshare", "-Urnmup", "--fork", ...guest],
      stdin: JSON.stringify(rounds),
      timeoutMs: TIMEOUT_MS,
    });
    const lines = output.trimEnd().split("\n");
    return lines.map((line) => JSON.parse(line) as RoundResult);
  } finally {
    await removeDirectory(work);
  }
}

function row(what: string, ...columns: readonly string[]): string {
  return what.padEnd(40) + columns.map((column) => column.padStart(12)).join("");
}
