import { XenstoreError } from "@nova-agent/xenstore";
import { commands } from "../commands/index.ts";
import type { Config } from "../config.ts";
import { printableLines } from "../printable.ts";
import { readServiceStatus } from "../service/read-service-status.ts";
import type { ServedRequest, ServiceStatus } from "../service/service-status.ts";
import { readProcessFile } from "../system/processes.ts";
import type { Files, System } from "../system/system.ts";
import { SystemError } from "../errors.ts";

/** What `nova-agent status` needs. */
export interface StatusCommandOptions {
  readonly system: System;
  readonly config: Config;
  readonly isJson: boolean;
  readonly print: (text: string) => void;
}

/** The service as it is; what `nova-agent status --json` prints beside `isRunning`. */
interface StatusView extends ServiceStatus {
  readonly uptimeSeconds: number;
  /** Where XenStore is, as the process has it open; undefined when that cannot be seen. */
  readonly transport: string | undefined;
  readonly features: readonly string[];
  /** Undefined when the kernel does not tell. */
  readonly memory: MemoryView | undefined;
}

interface MemoryView {
  /** What is in memory, with what is shared. */
  readonly residentBytes: number;
  /** What is the process's alone and would be free without it. */
  readonly privateDirtyBytes: number;
}

/** What `service NAME status` ends with when nothing runs (Linux Standard Base, "Init Script Actions"). */
const EXIT_NOT_RUNNING = 3;

/** Tells how the service does that runs; returns the exit status. */
export async function runStatusCommand(options: StatusCommandOptions): Promise<number> {
  const { system, isJson, print } = options;
  const status = readServiceStatus(system);
  if (status === undefined) {
    print(isJson ? render({ isRunning: false }) : "nova-agent does not run\n");
    return EXIT_NOT_RUNNING;
  }
  const view = await viewStatus(status, options);
  print(isJson ? render({ isRunning: true, ...view }) : printableLines(renderView(view)));
  return 0;
}

function render(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

async function viewStatus(status: ServiceStatus, options: StatusCommandOptions): Promise<StatusView> {
  const { system } = options;
  return {
    ...status,
    uptimeSeconds: Math.max(Math.floor(system.unixTime() - status.startedAt), 0),
    transport: readTransport(status.pid, system.files),
    features: await readFeatures(options),
    memory: readMemory(status.pid, system.files),
  };
}

/** Features do not depend on it. */
const unasked = { read: refuse, readText: refuse, list: refuse, exists: refuse };

function refuse(): Promise<never> {
  return Promise.reject(new XenstoreError("ENOENT", "Not asked"));
}

/** As the agent would answer the host. */
async function readFeatures({ system, config }: StatusCommandOptions): Promise<readonly string[]> {
  const plan = await commands.get("features")?.decide("", {
    system,
    xenstore: unasked,
    config,
    exchange: undefined,
    root: "/",
  });
  return plan === undefined ? [] : plan.reply.message.split(",");
}

function readTransport(pid: number, files: Files): string | undefined {
  const directory = `/proc/${pid}/fd`;
  try {
    const targets = files.list(directory).map((name) => files.readLink(`${directory}/${name}`));
    const device = targets.find((target) => target.endsWith("/xenbus"));
    return device ?? (targets.some((target) => target.startsWith("socket:")) ? "unix socket" : undefined);
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}

/** By `smaps_rollup` (proc(5)), which kernels before 4.14 do not have. */
function readMemory(pid: number, files: Files): MemoryView | undefined {
  const text = readProcessFile(`/proc/${pid}/smaps_rollup`, files) ?? "";
  const bytesOf = (name: string) => {
    const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(text)?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  };
  const [residentBytes, privateDirtyBytes] = [bytesOf("Rss"), bytesOf("Private_Dirty")];
  if (residentBytes === undefined || privateDirtyBytes === undefined) return undefined;
  return { residentBytes, privateDirtyBytes };
}

function renderView(view: StatusView): string {
  const { version, pid, uptimeSeconds, transport, memory, features, inHand, requests } = view;
  const lines = [
    `nova-agent ${version} runs as process ${pid}, for ${durationText(uptimeSeconds)}`,
    `Transport  ${transport ?? "unknown"}`,
    `Memory     ${memory === undefined ? "unknown" : memoryText(memory)}`,
    `Features   ${features.join(",")}`,
    ...(inHand === undefined
      ? []
      : [`In hand    ${inHand.name} ${inHand.id}, since ${timeText(inHand.since)}`]),
    `Requests   ${requests.length === 0 ? "none yet" : "the latest last"}`,
    ...requests.map(requestLine),
  ];
  return `${lines.join("\n")}\n`;
}

function requestLine({ id, name, returncode, durationMs, at }: ServedRequest): string {
  const duration = `${(durationMs / 1000).toFixed(1)} s`;
  const shown = name === "" ? "unknown" : name;
  return `  ${timeText(at)}  ${shown.padEnd(12)}  ${returncode.padEnd(3)}  ${duration.padStart(7)}  ${id}`;
}

function timeText(unixTime: number): string {
  return new Date(unixTime * 1000).toISOString().replace("T", " ").slice(0, 19);
}

function memoryText({ residentBytes, privateDirtyBytes }: MemoryView): string {
  return `${mebibytes(residentBytes)} resident, ${mebibytes(privateDirtyBytes)} of its own`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

const units: readonly (readonly [string, number])[] = [
  ["d", 86_400],
  ["h", 3600],
  ["min", 60],
  ["s", 1],
];

/** The two largest units of a time. */
function durationText(seconds: number): string {
  const parts = units.map(([unit, size], index) => {
    const above = units[index - 1]?.[1] ?? Infinity;
    return { unit, count: Math.floor((seconds % above) / size) };
  });
  const first = parts.findIndex(({ count }) => count > 0);
  const shown = first < 0 ? parts.slice(-1) : parts.slice(first, first + 2);
  return shown.map(({ unit, count }) => `${count} ${unit}`).join(" ");
}
