// The guest's side of the tests of safe apply: does the actions of its argument (JSON) one after the
// other, each in a process of its own, and prints what the guest is like after each, a line of JSON.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { planReset } from "../../../src/commands/resetnetwork.ts";
import { SystemError } from "../../../src/errors.ts";
import { createNodeSystem } from "../../../src/hosts/node/index.ts";
import { createLogger } from "../../../src/log.ts";
import { parseNetworking } from "../../../src/network/parse-networking.ts";
import { execute, recover } from "../../../src/system/executor.ts";
import { JOURNAL_PATH } from "../../../src/system/journal.ts";
import { undoAll } from "../../../src/system/originals.ts";
import { readResetFacts } from "../../../src/system/reset-facts.ts";
import type { ProgramCall, System } from "../../../src/system/system.ts";

/** What goes wrong at one of the programs that change something, counted from 0. */
export interface ProgramFault {
  readonly kind: "killBefore" | "killAfter" | "fail" | "failAfter" | "hang" | "cutShort" | "missing";
  readonly at: number;
}

/** One thing that is done to the guest. */
export type Action =
  | {
      readonly kind: "reset";
      readonly hostname: string;
      readonly networking: Readonly<Record<string, unknown>>;
      readonly fault?: ProgramFault;
    }
  | { readonly kind: "recover" }
  | { readonly kind: "undo" }
  | { readonly kind: "shell"; readonly script: string };

/** What the guest is like after an action. */
export interface GuestState {
  /** Message of the failure; `killed` when the process was. */
  readonly failure: string | undefined;
  /** Whether the fault was met. */
  readonly isMet: boolean;
  readonly durationMs: number;
  readonly addresses: readonly string[];
  readonly routes: readonly string[];
  readonly hostname: string;
  readonly interfaces: string;
  readonly hasJournal: boolean;
  /** Commands that remove what the log says is not the host's. */
  readonly removals?: readonly string[];
}

interface ActionResult {
  readonly removals?: readonly string[];
  readonly failure?: string;
  readonly isMet?: boolean;
}

const [mode = "", text = "[]"] = process.argv.slice(2);
if (mode === "act") await act(JSON.parse(text) as Action);
else drive(JSON.parse(mode) as readonly Action[]);

function drive(actions: readonly Action[]): void {
  for (const action of actions) {
    const startedAt = performance.now();
    const result = isolate(action);
    const durationMs = Math.round(performance.now() - startedAt);
    process.stdout.write(`${JSON.stringify({ ...look(), durationMs, ...result })}\n`);
  }
}

function isolate(action: Action): ActionResult {
  const script = process.argv[1] ?? "";
  const argv =
    action.kind === "shell"
      ? ["sh", "-ec", action.script]
      : [process.execPath, script, "act", JSON.stringify(action)];
  const [program = "", ...rest] = argv;
  const { status, signal, stdout, stderr } = spawnSync(program, rest, { encoding: "utf8" });
  if (signal === "SIGKILL") return { failure: "killed", isMet: true };
  if (status !== 0) return { failure: `status ${status}: ${stderr}` };
  return action.kind === "shell" ? {} : (JSON.parse(stdout) as ActionResult);
}

async function act(action: Action): Promise<void> {
  const system = createNodeSystem({
    connectXenstore: () => Promise.reject(new Error("Not used")),
    environment: process.env,
  });
  const log = createLogger({ level: "warn", write: (line) => system.log(line), unixTime: () => 0 });
  const options = { system, root: "/", log };
  if (action.kind === "recover") await recover(options);
  if (action.kind === "undo") await undoAll(options);
  const result = action.kind === "reset" ? await reset(action, system) : {};
  process.stdout.write(JSON.stringify(result));
}

async function reset(
  { hostname, networking, fault }: Extract<Action, { kind: "reset" }>,
  system: System,
): Promise<ActionResult> {
  const links = Object.entries(networking).map(([key, value]) => parseNetworking(key, JSON.stringify(value)));
  const plan = planReset(await readResetFacts({ links, hostname }, { system, root: "/" }));
  const faulty = fault === undefined ? { system, isMet: () => false } : withFault(system, fault);
  const lines: string[] = [];
  const write = (line: string) => {
    lines.push(line);
    system.log(line);
  };
  const log = createLogger({ level: "warn", write, unixTime: () => 0 });
  try {
    await execute(plan, { system: faulty.system, root: "/", log });
    const told = lines.map((line) => (JSON.parse(line) as { readonly command?: string }).command);
    return { isMet: faulty.isMet(), removals: told.filter((each) => each !== undefined) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { isMet: faulty.isMet(), failure: error.message };
  }
}

function withFault(system: System, { kind, at }: ProgramFault) {
  let count = 0;
  const run = async (call: ProgramCall) => {
    if (!isChange(call.argv)) return system.run(call);
    count += 1;
    if (count !== at + 1) return system.run(call);
    if (kind === "killBefore") process.kill(process.pid, "SIGKILL");
    if (kind === "missing") throw new SystemError("ENOENT", `No ${call.argv[0]}`);
    if (kind === "hang") return system.run({ argv: ["sleep", "1000"], timeoutMs: 200 });
    if (kind === "cutShort") return system.run({ ...call, timeoutMs: 500 });
    if (kind === "fail") return system.run({ ...call, argv: ["false"] });
    const result = await system.run(call);
    if (kind === "killAfter") process.kill(process.pid, "SIGKILL");
    return { ...result, status: 1 };
  };
  return { system: { ...system, run }, isMet: () => count > at };
}

function isChange(argv: readonly string[]): boolean {
  return /^(ifup|ifdown|hostname .+|ip address flush .*)\b/.test(argv.join(" "));
}

function look(): Omit<GuestState, "failure" | "isMet" | "durationMs"> {
  return {
    addresses: show("-brief", "address", "show", "dev", "eth0").flatMap((line) => line.split(/\s+/).slice(2)),
    routes: [...show("-4", "route", "show"), ...show("-6", "route", "show")].filter((line) =>
      line.includes(" via "),
    ),
    hostname: readFileSync("/proc/sys/kernel/hostname", "utf8").trim(),
    interfaces: readFileSync("/etc/network/interfaces", "utf8"),
    hasJournal: existsSync(JOURNAL_PATH),
  };
}

function show(...words: readonly string[]): string[] {
  const { stdout } = spawnSync("ip", words, { encoding: "utf8" });
  return stdout
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
