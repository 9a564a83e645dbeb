import {
  guestOperations,
  type GuestRequest,
  HostConnector,
  HostError,
  type InstanceDatabase,
  InstanceService,
  type Log,
  type LogFields,
  type OperationRequest,
  type Requester,
  OperationRunner,
  Presence,
  Secret,
  type Sealer,
} from "@nova-agent/host";
import { nodeCrypto } from "@nova-agent/host/node";
import { encodeUtf8, XenstoreClient, XenstoreError } from "@nova-agent/xenstore";
import { RESTART_MAX_MS, RESTART_MIN_MS, STOP_MS } from "./limits.ts";
import { claimOfError, claimOfRefusal } from "./claims.ts";
import type { AskedOperation, AskedTask, Outcome } from "./operation-task.ts";
import type { SimulatedDatabase } from "./simulated-database.ts";
import type { SimulatedToolstack } from "./simulated-toolstack.ts";
import type { SimulatedGuest } from "./simulated-guest.ts";
import { SimulatedProcess } from "./simulated-process.ts";
import type { World } from "./world.ts";

/** Hides what is sealed from whoever searches the ledger for it. */
const sealer: Sealer = {
  seal: (bytes) => bytes.map((byte) => byte ^ 0x5a),
  open: (sealed) => sealed.map((byte) => byte ^ 0x5a),
};

/** What the service of instances works with. */
export interface HostCloud {
  readonly database: SimulatedDatabase;
  readonly toolstack: SimulatedToolstack;
}

/** The control service in dom0, which is started again whenever it ends. */
export class SimulatedHost {
  readonly #world: World;
  #process: SimulatedProcess | undefined;
  readonly #cloud: HostCloud | undefined;
  #runner: OperationRunner | undefined;
  #instances: InstanceService | undefined;
  #presence: Presence | undefined;
  #starts = 0;

  /** With a cloud, it is also the service of instances. */
  constructor(world: World, cloud?: HostCloud) {
    this.#world = world;
    this.#cloud = cloud;
  }

  /** The service of instances, while it runs. */
  get instances(): InstanceService | undefined {
    return this.#instances;
  }

  async start(): Promise<void> {
    const { clock, bug, log } = this.#world;
    this.#starts += 1;
    const name = `host ${this.#starts}`;
    const process = new SimulatedProcess({ name, clock, whenKilled: () => this.#crashed() });
    this.#process = process;
    const xenstore = await this.#openXenstore(process);
    if (xenstore === undefined) return;
    const connector = this.#connectorOf(process, xenstore);
    const presence = this.#makePresence(process, connector);
    const runner = this.#makeRunner(process, { connector, presence });
    if (this.#starts > 1 && bug !== "forgetsAtCrash") {
      runner.recover().then(
        () => log.record(`${name} has recovered`),
        (error: unknown) => {
          // All is carried on with then; late answers stay until the guest is asked again.
          const isLateLeft = error instanceof HostError && error.code === "XENSTORE_FAILED";
          if (!isLateLeft) this.#fail(error);
        },
      );
    }
    this.#runner = runner;
    await this.#startInstances({ process, xenstore, runner });
    if (!process.isAlive) return;
    this.#presence = presence;
    presence?.start();
  }

  async #startInstances(parts: {
    readonly process: SimulatedProcess;
    readonly xenstore: XenstoreClient;
    readonly runner: OperationRunner;
  }): Promise<void> {
    if (this.#cloud === undefined) return;
    const { process, xenstore, runner } = parts;
    const { random, clock } = this.#world;
    const ids = random.fork();
    const instances = new InstanceService({
      database: this.#databaseOf(process, this.#cloud),
      toolstack: this.#cloud.toolstack.connect(process),
      operations: guestOperations(runner),
      xenstore,
      clock: process.clock,
      now: () => new Date(clock.nowMs()),
      newId: () => ids.uuid(),
      log: this.#logOf(process),
    });
    if (this.#starts === 1 || this.#world.bug !== "leavesTasks") await instances.recover();
    if (process.isAlive) this.#instances = instances;
  }

  #databaseOf(process: SimulatedProcess, { database }: HostCloud): InstanceDatabase {
    const { faults } = this.#world;
    return database.connect(process, (where) => {
      if (faults.strikes("hostCrash", `${process.name}, ${where}`)) process.kill();
    });
  }

  /** What asks agents whether they are there, beside everything else that is asked of them. */
  #makePresence(process: SimulatedProcess, connector: HostConnector): Presence | undefined {
    if (this.#cloud === undefined) return undefined;
    const { random, clock } = this.#world;
    const ids = random.fork();
    return new Presence({
      database: this.#databaseOf(process, this.#cloud),
      connector,
      now: () => new Date(clock.nowMs()),
      newId: () => ids.uuid(),
      log: this.#logOf(process),
    });
  }

  #logOf(process: SimulatedProcess): Log {
    const write = (message: string, fields: LogFields = {}): void => {
      const line = `${process.name}: ${message} ${JSON.stringify(fields)}`;
      this.#world.lines.push(line);
      this.#world.log.record(line);
    };
    const fail = (message: string, fields?: LogFields): void => {
      write(message, fields);
      this.#world.violations.push(`the service met a fault of its own: ${JSON.stringify(fields)}`);
    };
    return { info: write, warn: write, error: fail };
  }

  /** Ends the process when XenStore is not there, as `main.ts` does. */
  async #openXenstore(process: SimulatedProcess): Promise<XenstoreClient | undefined> {
    const connect = this.#world.connectFor(process, () => 0);
    try {
      return await XenstoreClient.open({ connect, clock: process.clock });
    } catch (error) {
      if (!(error instanceof XenstoreError)) throw error;
      process.kill();
      return undefined;
    }
  }

  #connectorOf(process: SimulatedProcess, xenstore: XenstoreClient): HostConnector {
    const ids = this.#world.random.fork();
    return new HostConnector({ xenstore, clock: process.clock, newId: () => ids.uuid() });
  }

  #makeRunner(
    process: SimulatedProcess,
    { connector, presence }: { readonly connector: HostConnector; readonly presence: Presence | undefined },
  ): OperationRunner {
    const { random, ledger, clock } = this.#world;
    const ids = random.fork();
    const keys = random.fork();
    return new OperationRunner({
      connector,
      observer: presence,
      operations: ledger.connect(process, this.#world),
      sealer,
      crypto: { ...nodeCrypto, randomBytes: (count) => keys.bytes(count) },
      clock: process.clock,
      now: () => new Date(clock.nowMs()),
      newId: () => ids.uuid(),
    });
  }

  /** The service, while it runs. */
  get process(): SimulatedProcess | undefined {
    return this.#process?.isAlive === true ? this.#process : undefined;
  }

  /** Ends in order, as a service manager asks it to, and is started again. */
  async stop(): Promise<void> {
    const process = this.process;
    if (process === undefined) return;
    const closing = this.#close();
    await Promise.race([closing, this.#world.clock.wait(STOP_MS)]);
    process.kill();
  }

  async #close(): Promise<void> {
    const [runner, instances, presence] = [this.#runner, this.#instances, this.#presence];
    this.#instances = undefined;
    await presence?.close();
    await instances?.close();
    await runner?.close();
  }

  /** Asks, and takes down what the caller is told; nothing, when the service ends before. */
  async ask(operation: AskedOperation, guest: SimulatedGuest): Promise<void> {
    const process = this.#process;
    const runner = this.#runner;
    if (runner === undefined || process?.isAlive !== true) {
      this.#tell(operation, { claim: "notSent", text: "the service is down" });
      return;
    }
    const outcome = await this.#run(runner, { operation, guest });
    if (process.isAlive) this.#tell(operation, outcome);
  }

  async #run(
    runner: OperationRunner,
    { operation, guest }: { readonly operation: AskedOperation; readonly guest: SimulatedGuest },
  ): Promise<Outcome> {
    const { requestId, task } = operation;
    const requester: Requester = { requestId, userId: "user", projectId: "project", roles: ["member"] };
    try {
      const request = requestOf(task);
      const { message, isDone } = await runner.run({ ...request, instanceId: guest.uuid, requester });
      return { claim: isDone ? "done" : claimOfRefusal(message), text: message };
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      const isTakenForDone = error.code === "GUEST_TIMEOUT" && this.#world.bug === "silenceIsSuccess";
      return { claim: isTakenForDone ? "done" : claimOfError(error), text: `${error.code} ${error.message}` };
    }
  }

  #tell({ requestId, told }: AskedOperation, outcome: Outcome): void {
    told.push(outcome);
    this.#world.lines.push(outcome.text);
    this.#world.log.record(`${requestId} ended: ${outcome.claim} ${outcome.text}`);
  }

  #crashed(): void {
    const { clock, random } = this.#world;
    this.#runner = undefined;
    this.#instances = undefined;
    this.#presence = undefined;
    clock.after(random.between(RESTART_MIN_MS, RESTART_MAX_MS), () => {
      this.start().catch((error: unknown) => this.#fail(error));
    });
  }

  #fail(error: unknown): void {
    this.#world.violations.push(`the host failed: ${String(error)}`);
  }
}

type WithoutCaller<Request> = Request extends unknown ? Omit<Request, "instanceId" | "requester"> : never;

function requestOf(task: AskedTask): WithoutCaller<OperationRequest> {
  switch (task.kind) {
    case "password":
      return { kind: "password", password: new Secret(encodeUtf8(task.password)) };
    case "injectFile":
      return { kind: "injectFile", file: { path: task.path, content: encodeUtf8(task.content) } };
    case "kmsactivate": {
      const names = { profile: "guest", domains: ["satellite.example"], org: "example" };
      return { kind: "kmsactivate", value: { activation_key: task.key, ...names } };
    }
    case "send":
      return { kind: "send", request: sentRequest(task) };
    default:
      return { kind: task.kind };
  }
}

function sentRequest(task: Extract<AskedTask, { readonly kind: "send" }>): GuestRequest {
  if (task.path === undefined) return { name: task.name, value: "agent" };
  return { name: "file_inject", value: { b64_path: base64(task.path), b64_file: base64(task.content) } };
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
