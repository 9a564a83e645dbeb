import {
  HostConnector,
  HostError,
  injectFile,
  readFeatures,
  readVersion,
  Secret,
  setPassword,
} from "@nova-agent/host";
import { nodeCrypto } from "@nova-agent/host/node";
import { encodeUtf8, XenstoreClient } from "@nova-agent/xenstore";
import { RESTART_MAX_MS, RESTART_MIN_MS } from "./limits.ts";
import type { AskedOperation, OperationTask, Outcome } from "./operation-task.ts";
import type { SimulatedGuest } from "./simulated-guest.ts";
import { SimulatedProcess } from "./simulated-process.ts";
import type { World } from "./world.ts";

// The guest has not heard of it after these.
const notSentCodes: ReadonlySet<string> = new Set([
  "NO_SUCH_DOMAIN",
  "GUEST_NO_DATA",
  "GUEST_BUSY",
  "TOO_LARGE",
  "BAD_ARGUMENT",
  "GUEST_UNSUPPORTED",
]);

/** The control service in dom0, which is started again whenever it ends. */
export class SimulatedHost {
  readonly #world: World;
  readonly #underWay = new Set<AskedOperation>();
  #process: SimulatedProcess | undefined;
  #connector: HostConnector | undefined;
  #starts = 0;

  constructor(world: World) {
    this.#world = world;
  }

  async start(): Promise<void> {
    const { clock, random } = this.#world;
    this.#starts += 1;
    const process = new SimulatedProcess({
      name: `host ${this.#starts}`,
      clock,
      whenKilled: () => this.#crashed(),
    });
    this.#process = process;
    const xenstore = await XenstoreClient.open({
      connect: this.#world.connectFor(process, 0),
      clock: process.clock,
    });
    const ids = random.fork();
    this.#connector = new HostConnector({ xenstore, clock: process.clock, newId: () => ids.uuid() });
  }

  /** Asks, and takes down what becomes of it. */
  async ask(operation: AskedOperation, guest: SimulatedGuest): Promise<void> {
    const process = this.#process;
    const connector = this.#connector;
    if (connector === undefined || process?.isAlive !== true) {
      this.#end(operation, { claim: "notSent", text: "the service is down" });
      return;
    }
    this.#underWay.add(operation);
    const outcome = await this.#carryOut(connector, { task: operation.task, guest });
    if (process.isAlive) this.#end(operation, outcome);
  }

  async #carryOut(
    connector: HostConnector,
    { task, guest }: { readonly task: OperationTask; readonly guest: SimulatedGuest },
  ): Promise<Outcome> {
    try {
      const call = { domid: guest.domid, uuid: guest.uuid };
      return { claim: "done", text: await this.#send(connector, { task, call }) };
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      const text = `${error.code} ${error.message}`;
      if (error.code === "GUEST_TIMEOUT" && this.#world.bug === "silenceIsSuccess")
        return { claim: "done", text };
      if (error.code === "GUEST_REFUSED") return { claim: "refused", text };
      return { claim: notSentCodes.has(error.code) ? "notSent" : "unknown", text };
    }
  }

  async #send(
    connector: HostConnector,
    {
      task,
      call,
    }: { readonly task: OperationTask; readonly call: { readonly domid: number; readonly uuid: string } },
  ): Promise<string> {
    switch (task.kind) {
      case "version":
        return (await readVersion(connector, call)).version;
      case "features":
        return (await readFeatures(connector, call)).features.join(",");
      case "password": {
        const password = new Secret(encodeUtf8(task.password));
        const random = this.#world.random;
        const crypto = { ...nodeCrypto, randomBytes: (count: number) => random.bytes(count) };
        await setPassword(connector, { ...call, password, crypto });
        return "";
      }
      case "file": {
        const file = { path: task.path, content: encodeUtf8(task.content) };
        return (await injectFile(connector, { ...call, file })).command;
      }
    }
  }

  #end(operation: AskedOperation, outcome: Outcome): void {
    const { clock, log, bug } = this.#world;
    this.#underWay.delete(operation);
    operation.endedAtMs = clock.nowMs();
    operation.outcomes.push(outcome);
    if (bug === "tellsTwice") operation.outcomes.push(outcome);
    log.record(`operation ${operation.number} ended: ${outcome.claim} ${outcome.text}`);
  }

  /** What was under way is lost with the process, and its caller sees that it ended. */
  #crashed(): void {
    const { clock, random, bug } = this.#world;
    for (const operation of this.#underWay) {
      if (bug !== "forgetsAtCrash") this.#end(operation, { claim: "unknown", text: "the service ended" });
    }
    this.#underWay.clear();
    clock.after(random.between(RESTART_MIN_MS, RESTART_MAX_MS), () => this.#startAgain());
  }

  #startAgain(): void {
    this.start().catch((error: unknown) => this.#world.violations.push(`host: ${String(error)}`));
  }
}
