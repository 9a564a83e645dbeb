import { XenstoreClient, XenstoreError } from "@nova-agent/xenstore";
import type { RescuePart } from "./command-line.ts";
import { faultOfPassword } from "../commands/password.ts";
import { planReset } from "../commands/resetnetwork.ts";
import { AgentError, SystemError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { flatSteps, type Plan, type Step } from "../plan.ts";
import { printable } from "../printable.ts";
import { renderPlan } from "./render-plan.ts";
import { Secret } from "../secret.ts";
import { findInitSystem, readServices } from "../init-systems/index.ts";
import { readTextIfThere } from "../init-systems/read-text.ts";
import { readCurrent } from "../system/current-content.ts";
import { execute, recover } from "../system/executor.ts";
import { checkIsSystem } from "../system/is-system.ts";
import { readNetworkFacts } from "../system/network-facts.ts";
import { readWantedGuest } from "../system/reset-facts.ts";
import { type RootedFiles, rootFiles } from "../system/rooted-files.ts";
import type { System } from "../system/system.ts";
import { readVifsOfRoot } from "../system/vifs-of-root.ts";

/** What `nova-agent rescue` was asked for. */
export interface RescueCommandOptions {
  readonly system: System;
  readonly log: Logger;
  /** The directory at which the disk of the system to be rescued is mounted. */
  readonly root: string;
  readonly parts: readonly RescuePart[];
  /** Whether the steps are shown and not taken; then no password is asked for. */
  readonly isDryRun: boolean;
  /** Reads a line, or all, of standard input. */
  readonly readInput: () => Promise<Uint8Array>;
  readonly print: (text: string) => void;
  /** For people, beside the output. */
  readonly printError: (text: string) => void;
}

const USER = "root";
const PROMPT = "New password of root, in one line (it is seen as you type): ";

/**
 * Repairs a system on a mounted disk: sets root's password, has the services start, and brings about the
 * network that the host wants. What one part cannot do stops no other. Returns whether all was done.
 * Throws AGENT_BAD_SETTING where no system is, or for the running one.
 */
export async function runRescueCommand(options: RescueCommandOptions): Promise<boolean> {
  const { system, root, log, parts, isDryRun, print } = options;
  if (root === "/") {
    throw new AgentError(
      "AGENT_BAD_SETTING",
      "A rescue is of another system; name where its disk is mounted",
    );
  }
  checkIsSystem({ system, root });
  if (!isDryRun) await recover({ system, root, log });
  let isDone = true;
  for (const part of parts) {
    try {
      const plan = await plans[part](options);
      if (isDryRun) print(`${part}\n${renderSteps(plan, options)}`);
      else print(`${part}: ${printable(await carryOut(plan, options))}\n`);
    } catch (error) {
      if (!isReason(error)) throw error;
      isDone = false;
      print(`${part}: NOT DONE: ${printable(error.message)}\n`);
    }
  }
  return isDone;
}

function isReason(error: unknown): error is Error {
  return error instanceof AgentError || error instanceof SystemError || error instanceof XenstoreError;
}

/** The steps of a part, and what is told once they are taken. */
interface PartPlan {
  readonly steps: readonly Step[];
  readonly done: string;
}

const plans: Readonly<Record<RescuePart, (options: RescueCommandOptions) => Promise<PartPlan>>> = {
  password: planPassword,
  services: planServices,
  network: planNetwork,
};

async function planPassword(options: RescueCommandOptions): Promise<PartPlan> {
  const password = options.isDryRun ? new Secret(new Uint8Array()) : await askPassword(options);
  const steps: Step[] = [{ step: "resetPassword", user: USER, password }];
  return { steps, done: `${USER} has the new password, and the account is open` };
}

async function askPassword({ readInput, printError, system }: RescueCommandOptions): Promise<Secret> {
  if (isTerminal(system)) printError(PROMPT);
  const input = await readInput();
  const password = new Secret(input.at(-1) === 0x0a ? input.subarray(0, -1) : input);
  const fault = faultOfPassword(password.reveal());
  if (fault === undefined) return password;
  password.wipe();
  throw new AgentError("AGENT_BAD_PAYLOAD", fault);
}

/** Whether somebody types: standard input is a terminal then, and nothing of a shell's. */
function isTerminal({ files }: System): boolean {
  try {
    return /^\/dev\/(?:pts\/|tty|console|hvc|xvc)/.test(files.readLink("/proc/self/fd/0"));
  } catch (error) {
    if (error instanceof SystemError) return false;
    throw error;
  }
}

async function planServices({ system, root }: RescueCommandOptions): Promise<PartPlan> {
  const files = rootFiles(system.files, root);
  const init = findInitSystem(files);
  if (init === undefined) {
    throw new AgentError("AGENT_UNSUPPORTED", "What starts that system's services is not known");
  }
  const services = readServices(init, files);
  if (!services.some(({ name }) => name === "nova-agent")) {
    throw new AgentError("AGENT_UNSUPPORTED", `nova-agent is not installed there (${init.name})`);
  }
  const steps = services.flatMap((service) => init.planEnabling(service, files));
  const names = services.map(({ name }) => name).join(", ");
  return { steps, done: `${names} ${services.length === 1 ? "starts" : "start"} with the system` };
}

async function planNetwork({ system, root }: RescueCommandOptions): Promise<PartPlan> {
  const files = rootFiles(system.files, root);
  const { connectXenstore: connect, clock } = system;
  const client = await XenstoreClient.open({ connect, clock, reconnect: false });
  let wanted;
  try {
    wanted = await readWantedGuest(client);
  } finally {
    await client.close();
  }
  const vifs = readVifsOfRoot(system.files, files);
  // In rescue mode it is the rescue system that the host gives a name.
  const facts = { ...wanted, hostname: undefined, network: readNetworkFacts(files, vifs) };
  const { steps, reply } = planReset(facts);
  if (reply.returncode !== "0") throw new AgentError("AGENT_UNSUPPORTED", reply.message);
  const names = vifs.map(({ name, mac }) => `${name} (${mac})`).join(", ");
  const left = reply.message === "" ? "" : `; ${reply.message}`;
  return { steps, done: `the files say what the host wants of ${names === "" ? "no VIF" : names}${left}` };
}

/** Recorded, so that nova-agent undo can bring back services and network. */
function asPlan(steps: readonly Step[], files: RootedFiles): Plan {
  const relabelled = steps.length === 0 ? steps : [...steps, ...planRelabelling(files)];
  return { steps: relabelled, reply: { returncode: "0", message: "" }, isRecorded: true };
}

/** New files have no label of SELinux here; the system gives them theirs when it starts (selinux(8)). */
function planRelabelling(files: RootedFiles): readonly Step[] {
  const text = readTextIfThere("/etc/selinux/config", files) ?? "";
  if (!/^\s*SELINUX=(?:enforcing|permissive)\b/m.test(text)) return [];
  return [
    { step: "writeFile", path: "/.autorelabel", content: new Uint8Array(), mode: 0o644, backup: false },
  ];
}

function renderSteps({ steps }: PartPlan, { system, root }: RescueCommandOptions): string {
  const files = rootFiles(system.files, root);
  const plan = asPlan(steps, files);
  if (plan.steps.length === 0) return "nothing to do\n";
  return renderPlan(plan, { current: (path) => readCurrent(path, files) }).replace(/answer 0\n$/, "");
}

async function carryOut({ steps, done }: PartPlan, options: RescueCommandOptions): Promise<string> {
  const { system, root, log } = options;
  const plan = asPlan(steps, rootFiles(system.files, root));
  await execute(plan, { system, root, log });
  const isRelabelled = flatSteps(plan.steps).some((step) => "path" in step && step.path === "/.autorelabel");
  return isRelabelled ? `${done}; SELinux labels its files anew at the next start` : done;
}
