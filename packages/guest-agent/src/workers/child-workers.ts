import type { Clock } from "@nova-agent/xenstore";
import { answer } from "../commands/command.ts";
import { planKeyinit } from "../commands/keyinit.ts";
import type { Config } from "../config.ts";
import { ExchangeKeeper } from "../service/exchange-keeper.ts";
import type { Logger } from "../log.ts";
import { CLOSE_TIMEOUT_MS, WORKER_LIMIT_MS } from "../limits.ts";
import { Pause } from "../pause.ts";
import type { Plan } from "../plan.ts";
import { PRIVATE_KEY_BYTES } from "../protocol/key-exchange.ts";
import { refusalReply, type Reply, RESET_FAILURE_CODE } from "../protocol/reply.ts";
import { parseRequest, type RequestValue } from "../protocol/request.ts";
import type { RequestHandler } from "../service/request-handler.ts";
import type { ServiceSystem } from "../system/system.ts";
import { AGENT_VERSION } from "../version.ts";
import {
  decodeMessage,
  encodeTask,
  type ExchangeUse,
  type WorkerMessage,
  type WorkerTask,
} from "./worker-task.ts";
import type { StartUpWork, Workers } from "./workers.ts";

/** A process that does one task. */
export interface WorkerProcess {
  /** Resolves with the exit status, or 128 plus the signal's number. */
  readonly ended: Promise<number>;
  /** Asks it to end (SIGTERM). */
  terminate(): void;
  kill(): void;
}

/** Starts a process that reads `stdin` and calls back for each line it prints; throws when there is none. */
export type StartWorkerProcess = (stdin: Uint8Array, onLine: (line: string) => void) => WorkerProcess;

/** What workers in processes of their own stand on. */
export interface ChildWorkersOptions {
  readonly system: ServiceSystem;
  readonly log: Logger;
  readonly config: Config;
  readonly root: string;
  readonly startProcess: StartWorkerProcess;
}

type DecideResident = (value: RequestValue, system: ServiceSystem) => Plan;

/** Carried out by the service's own process: they need little, and one of them begins a key exchange. */
const residentPlans: ReadonlyMap<string, DecideResident> = new Map<string, DecideResident>([
  ["version", () => answer(AGENT_VERSION)],
  ["keyinit", (value, system) => planKeyinit(value, system.randomBytes(PRIVATE_KEY_BYTES))],
]);

/**
 * Has children do what changes the guest. What they need is in memory while they work and no longer, and
 * none that crashes or hangs takes the service along.
 */
export function createChildWorkers(options: ChildWorkersOptions): Workers {
  return {
    startUp: (work) => startUp(options, work),
    handler: () => new ChildHandler(options),
  };
}

async function startUp(options: ChildWorkersOptions, { pause, ready }: StartUpWork): Promise<void> {
  const { config, root, log } = options;
  try {
    await perform({ kind: "start", config, root }, { ...options, pause }, ({ kind }) => {
      if (kind === "ready") ready();
    });
  } catch (error) {
    log.error("Could not bring the guest in order at the start", { reason: messageOf(error) });
  }
}

class ChildHandler implements RequestHandler {
  readonly #options: ChildWorkersOptions;
  readonly #exchange = new ExchangeKeeper();

  constructor(options: ChildWorkersOptions) {
    this.#options = options;
  }

  async handle(requestId: string, bytes: Uint8Array): Promise<Reply> {
    let name: string | undefined;
    try {
      const request = parseRequest(bytes);
      name = request.name;
      const decide = residentPlans.get(name);
      if (decide === undefined) return await this.#delegate(name, { requestId, bytes });
      const { reply, exchange } = decide(request.value, this.#options.system);
      this.#exchange.apply(exchange);
      this.#options.log.info("Request done", { requestId, command: name, returncode: reply.returncode });
      return reply;
    } catch (error) {
      const reply = refusalReply(error);
      this.#options.log.warn("Request failed", { requestId, command: name, returncode: reply.returncode });
      return reply;
    }
  }

  close(): void {
    this.#exchange.wipe();
  }

  async #delegate(
    name: string,
    { requestId, bytes }: { readonly requestId: string; readonly bytes: Uint8Array },
  ): Promise<Reply> {
    const { config, root, log } = this.#options;
    const exchange = this.#exchange.secret?.reveal() ?? new Uint8Array();
    const task = { kind: "request", config, root, requestId, request: bytes, exchange } as const;
    let answered: Extract<WorkerMessage, { kind: "reply" }> | undefined;
    try {
      await perform(task, this.#options, (message) => {
        if (message.kind === "reply") answered = message;
      });
    } catch (error) {
      const message = `The request's worker failed: ${messageOf(error)}`;
      log.error("Request failed", { requestId, command: name, reason: message });
      await this.#recover();
      return { returncode: name === "resetnetwork" ? RESET_FAILURE_CODE : "500", message };
    }
    if (answered === undefined) throw new TypeError("A worker ended well without an answer");
    this.#note(answered.exchange);
    return answered.reply;
  }

  /** Takes back what the worker has left half done. */
  async #recover(): Promise<void> {
    const { config, root, log } = this.#options;
    try {
      await perform({ kind: "recover", config, root }, this.#options, () => {});
    } catch (error) {
      log.error("Could not take back what a worker has left half done", { reason: messageOf(error) });
    }
  }

  #note(use: ExchangeUse): void {
    if (use === "ended") this.#exchange.apply({ kind: "end" });
    else if (use === "failed") this.#exchange.countFailure();
  }
}

interface Performing extends Pick<ChildWorkersOptions, "system" | "startProcess"> {
  /** Ended when the service is to end; without it the task is finished first. */
  readonly pause?: Pause;
}

/** Has a process do a task; rejects when it did not tell its end, or was not done in time. */
async function perform(
  task: WorkerTask,
  { system, startProcess, pause }: Performing,
  onMessage: (message: WorkerMessage) => void,
): Promise<void> {
  const stdin = encodeTask(task);
  let isDone = false;
  try {
    const worker = startProcess(stdin, (line) => {
      const message = decodeMessage(line);
      if (message === undefined) return;
      isDone ||= message.kind !== "ready";
      onMessage(message);
    });
    const status = await endOf(worker, { clock: system.clock, pause });
    if (!isDone) throw new Error(`it ended with status ${status} before it was done`);
  } finally {
    stdin.fill(0);
  }
}

/** The exit status; who is asked to end, or late, has a while for it and is killed then. */
async function endOf(
  worker: WorkerProcess,
  { clock, pause: service }: { readonly clock: Clock; readonly pause?: Pause | undefined },
): Promise<number> {
  const [work, ending] = [new Pause(clock), new Pause(clock)];
  void worker.ended.then(() => [work, ending].forEach((pause) => pause.end()));
  void service?.wait(WORKER_LIMIT_MS).then(() => work.end());
  await work.wait(WORKER_LIMIT_MS);
  worker.terminate();
  await ending.wait(CLOSE_TIMEOUT_MS);
  worker.kill();
  return worker.ended;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
