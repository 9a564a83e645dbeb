import {
  Agent,
  commands,
  createLogger,
  LocalHandler,
  recover,
  type RequestHandler,
} from "@nova-agent/guest-agent";
import { FakeFiles } from "@nova-agent/guest-agent/testing";
import { makeDomain } from "@nova-agent/host/testing";
import { decodeUtf8, XenstoreClient } from "@nova-agent/xenstore";
import { RESTART_MAX_MS, RESTART_MIN_MS } from "./limits.ts";
import type { Execution } from "./operation-task.ts";
import { createSimulatedSystem } from "./simulated-system.ts";
import { SimulatedProcess } from "./simulated-process.ts";
import type { World } from "./world.ts";

/** A virtual machine: a disk that stays, and an agent that is started again whenever it ends. */
export class SimulatedGuest {
  readonly uuid: string;
  readonly name: string;
  readonly disk = new FakeFiles();
  readonly #world: World;
  #domid = 0;
  #process: SimulatedProcess | undefined;
  #starts = 0;

  constructor(world: World, { name, uuid }: { readonly name: string; readonly uuid: string }) {
    this.#world = world;
    this.name = name;
    this.uuid = uuid;
  }

  /** Where it is, or was last. */
  get domid(): number {
    return this.#domid;
  }

  /** Becomes a domain, and boots. */
  async boot(domid: number): Promise<void> {
    const { store, toolstack, log } = this.#world;
    this.#domid = domid;
    log.record(`${this.name} boots as domain ${domid}`);
    store.introduce(domid);
    await makeDomain(toolstack, { domid, name: this.name, uuid: this.uuid });
    await this.#start();
  }

  async #start(): Promise<void> {
    const { clock, random } = this.#world;
    this.#starts += 1;
    const whenKilled = (): void => {
      clock.after(random.between(RESTART_MIN_MS, RESTART_MAX_MS), () => this.#startAgain());
    };
    const process = new SimulatedProcess({ name: `${this.name} agent ${this.#starts}`, clock, whenKilled });
    this.#process = process;
    await this.#run(process);
  }

  #startAgain(): void {
    this.#start().catch((error: unknown) => this.#world.violations.push(`${this.name}: ${String(error)}`));
  }

  async #run(process: SimulatedProcess): Promise<void> {
    const connect = this.#world.connectFor(process, this.#domid);
    const { clock } = process;
    const client = await XenstoreClient.open({ connect, clock });
    const system = createSimulatedSystem(this.#world, { process, disk: this.disk, connect });
    const log = createLogger({
      level: "debug",
      write: (line) => process.isAlive && this.#world.lines.push(line),
      unixTime: () => system.unixTime(),
    });
    const handler = new LocalHandler({ xenstore: client, system, log, commands, root: "/" });
    const atStart = (): Promise<void> =>
      recover({ system, root: "/", log }).catch((error: unknown) =>
        log.error("Could not bring the guest in order at the start", { reason: String(error) }),
      );
    Agent.start({ client, clock, log, handler: this.#observe(handler, process), atStart });
  }

  /** Takes down what the agent does; plants the bugs of an agent. */
  #observe(inner: RequestHandler, process: SimulatedProcess): RequestHandler {
    const { bug, lines } = this.#world;
    return {
      handle: async (requestId, bytes) => {
        if (bug === "logsRequests") lines.push(`request ${decodeUtf8(bytes)}`);
        if (bug === "carriesOutTwice") await this.#carryOut({ inner, process, requestId, bytes });
        return this.#carryOut({ inner, process, requestId, bytes });
      },
      close: () => inner.close(),
    };
  }

  async #carryOut(request: {
    readonly inner: RequestHandler;
    readonly process: SimulatedProcess;
    readonly requestId: string;
    readonly bytes: Uint8Array;
  }): ReturnType<RequestHandler["handle"]> {
    const { inner, process, requestId, bytes } = request;
    const { clock, executions, log } = this.#world;
    const { name: command } = JSON.parse(decodeUtf8(bytes) ?? "{}") as { readonly name: string };
    const about = { guest: this.name, process: process.name, requestId, command };
    const execution: Execution = { ...about, startedAtMs: clock.nowMs() };
    executions.push(execution);
    log.record(`${process.name} begins ${command} ${requestId}`);
    const reply = await inner.handle(requestId, bytes);
    execution.endedAtMs = clock.nowMs();
    execution.returncode = reply.returncode;
    log.record(`${process.name} has done ${command} ${requestId}: ${reply.returncode} ${reply.message}`);
    return reply;
  }
}
