import {
  Agent,
  commands,
  createLogger,
  LocalHandler,
  recover,
  type RequestHandler,
} from "@nova-agent/guest-agent";
import { makeDomain } from "@nova-agent/host/testing";
import { type Connect, decodeUtf8, type Snapshot, XenstoreClient, XenstoreError } from "@nova-agent/xenstore";
import { GuestDisk } from "./guest-disk.ts";
import { ANSWERED_AGAIN_MS, RESTART_MAX_MS, RESTART_MIN_MS } from "./limits.ts";
import type { Execution } from "./operation-task.ts";
import type { GuestCard, GuestNetwork } from "./simulated-kernel.ts";
import { SimulatedProcess } from "./simulated-process.ts";
import { createSimulatedSystem } from "./simulated-system.ts";
import type { World } from "./world.ts";

const MAC = "00:16:3e:00:00:01";

/** A virtual machine: a disk that stays, and an agent that is started again whenever it ends. */
export class SimulatedGuest {
  readonly uuid: string;
  readonly name: string;
  readonly disk: GuestDisk;
  /** Whether a program in it wants to do harm, which makes nothing true that is said of it. */
  isHostile = false;
  readonly #world: World;
  #vmData: Readonly<Record<string, string>> = {};
  /** Rises whenever it comes or goes: who brings it back later looks whether somebody was quicker. */
  #turn = 0;
  /** Undefined while it is away. */
  #domid: number | undefined;
  #process: SimulatedProcess | undefined;
  #starts = 0;
  #hasToldOfLoss = false;
  /** Whether the network's services have not started yet. */
  #isToBoot = true;

  constructor(
    world: World,
    {
      name,
      uuid,
      cards = [{ mac: MAC, index: 0 }],
    }: { readonly name: string; readonly uuid: string; readonly cards?: readonly GuestCard[] },
  ) {
    this.#world = world;
    this.name = name;
    this.uuid = uuid;
    this.disk = new GuestDisk({ clock: world.clock, cards });
  }

  /** Where it is; undefined while it is nowhere. */
  get domid(): number | undefined {
    return this.#domid;
  }

  /** The agent, while it runs. */
  get process(): SimulatedProcess | undefined {
    return this.#process?.isAlive === true ? this.#process : undefined;
  }

  /** Whether its agent has said that it could not take back all of a change. */
  get hasToldOfLoss(): boolean {
    return this.#hasToldOfLoss;
  }

  /** What changes with everybody who brings it here or takes it away. */
  get turn(): number {
    return this.#turn;
  }

  /** Its toolstack knows nothing of `vm-data`: the next domain comes without it. */
  forgetVmData(): void {
    this.#vmData = {};
  }

  /** Nobody brings it back any more as it was; if it was suspended, that is its end. */
  stayAway(): void {
    this.#turn += 1;
    if (this.#domid === undefined) this.#end();
  }

  #end(): void {
    this.#process?.kill();
    this.disk.kernel.halt();
    this.#isToBoot = true;
  }

  /** Becomes a domain, with this `vm-data` or that of before; its agent starts unless it came along. */
  async appear(domid: number, vmData = this.#vmData): Promise<void> {
    this.#turn += 1;
    this.#vmData = vmData;
    const { store, toolstack, log } = this.#world;
    log.record(`${this.name} is domain ${domid}`);
    store.introduce(domid);
    await makeDomain(toolstack, { domid, name: this.name, uuid: this.uuid });
    this.#domid = domid;
    for (const [path, text] of Object.entries(vmData)) {
      await toolstack.write(`/local/domain/${domid}/vm-data/${path}`, text);
    }
    if (this.#process?.isAlive === true) return;
    this.#startAgain();
  }

  /** Lets vm-data say, here and wherever it appears, which network it is to have. */
  async wantNetwork(network: GuestNetwork): Promise<void> {
    const { address, gateway } = network;
    const ips = [{ ip: address.replace(/\/\d+$/, ""), netmask: "255.255.255.0" }];
    const value = JSON.stringify({ label: "net", mac: MAC, ips, gateway });
    const path = "networking/00163E000001";
    this.#vmData = { ...this.#vmData, [path]: value };
    if (this.#domid === undefined) return;
    await this.#world.toolstack.write(`/local/domain/${this.#domid}/vm-data/${path}`, value);
  }

  /** Is no domain any more; its agent ends, or is suspended and loses its connections. */
  async leave({ isSuspended }: { readonly isSuspended: boolean }): Promise<void> {
    const { toolstack, log } = this.#world;
    const domid = this.#domid;
    if (domid === undefined) return;
    log.record(`${this.name} is domain ${domid} no more`);
    this.#domid = undefined;
    this.#turn += 1;
    // A toolstack takes along what was written while it ran.
    this.#vmData = readTree(this.#world.store.snapshot(), `/local/domain/${domid}/vm-data`);
    if (isSuspended) this.#process?.breakConnections();
    else this.#end();
    await toolstack.release(domid);
    await toolstack.remove(`/local/domain/${domid}`);
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
    // The domain's own boot starts it then.
    if (this.#domid === undefined || this.#process?.isAlive === true) return;
    this.#start().catch((error: unknown) => {
      // A domain that goes away takes a connection along that is being made.
      if (!(error instanceof XenstoreError)) this.#world.violations.push(`${this.name}: ${String(error)}`);
      this.#process?.kill();
    });
  }

  async #run(process: SimulatedProcess): Promise<void> {
    const connect = this.#connectOf(process);
    const { clock } = process;
    const reconnect = this.#world.bug !== "staysAlone";
    const client = await XenstoreClient.open({ connect, clock, reconnect });
    const system = createSimulatedSystem(this.#world, { process, disk: this.disk, connect });
    const log = createLogger({
      level: "debug",
      write: (line) => process.isAlive && this.#takeLine(line),
      unixTime: () => system.unixTime(),
    });
    const handler = new LocalHandler({ xenstore: client, system, log, commands, root: "/" });
    const atStart = async (): Promise<void> => {
      await recover({ system, root: "/", log }).catch((error: unknown) =>
        log.error("Could not bring the guest in order at the start", { reason: String(error) }),
      );
      if (process.isAlive) this.#boot();
    };
    Agent.start({ client, clock, log, handler: this.#observe(handler, process), atStart });
  }

  /** The agent is ordered before the network's services. */
  #boot(): void {
    if (this.#isToBoot) this.disk.kernel.boot();
    this.#isToBoot = false;
  }

  #takeLine(line: string): void {
    this.#world.lines.push(line);
    if (/when taking back|"losses":"[^"]/.test(line)) this.#hasToldOfLoss = true;
  }

  #connectOf(process: SimulatedProcess): Connect {
    return this.#world.connectFor(process, () => {
      if (this.#domid === undefined) throw new XenstoreError("ENOENT", `${this.name} is suspended`);
      return this.#domid;
    });
  }

  /** Takes down what the agent does; plants the bugs of an agent. */
  #observe(inner: RequestHandler, process: SimulatedProcess): RequestHandler {
    const { bug } = this.#world;
    return {
      handle: async (requestId, bytes) => {
        if (bug === "carriesOutTwice") await this.#carryOut({ inner, process, requestId, bytes });
        const reply = await this.#carryOut({ inner, process, requestId, bytes });
        if (bug === "leavesConnections") await this.#connectOf(process)();
        if (bug === "undoesNetworkFile") this.disk.files.addFile("/etc/network/interfaces", "auto lo\n");
        if (bug === "answersTwice")
          process.clock.after(ANSWERED_AGAIN_MS, () => this.#answerAgain(requestId));
        return bug === "hidesFailures" ? { ...reply, returncode: "0" } : reply;
      },
      close: () => inner.close(),
    };
  }

  #answerAgain(requestId: string): void {
    const path = `/local/domain/${this.#domid}/data/guest/${requestId}`;
    this.#world.toolstack.write(path, "{}").catch(() => undefined);
  }

  async #carryOut(request: {
    readonly inner: RequestHandler;
    readonly process: SimulatedProcess;
    readonly requestId: string;
    readonly bytes: Uint8Array;
  }): ReturnType<RequestHandler["handle"]> {
    const { inner, process, requestId, bytes } = request;
    const { clock, executions, log, lines } = this.#world;
    const command = commandIn(bytes);
    const about = { guest: this.name, process: process.name, requestId, command };
    const execution: Execution = { ...about, startedAtMs: clock.nowMs() };
    executions.push(execution);
    log.record(`${process.name} begins ${command} ${requestId}`);
    const reply = await inner.handle(requestId, bytes);
    if (!process.isAlive) return reply;
    execution.endedAtMs = clock.nowMs();
    execution.returncode = reply.returncode;
    lines.push(reply.message);
    log.record(`${process.name} has done ${command} ${requestId}: ${reply.returncode} ${reply.message}`);
    return reply;
  }
}

/** A hostile program writes what it likes. */
function commandIn(bytes: Uint8Array): string {
  try {
    const { name } = JSON.parse(decodeUtf8(bytes) ?? "") as { readonly name: unknown };
    return String(name);
  } catch {
    return "nonsense";
  }
}

/** The values below a path, by their paths from there. */
function readTree(snapshot: Snapshot, path: string): Record<string, string> {
  const entries = (snapshot.list(path) ?? []).flatMap((name): [string, string][] => {
    const text = decodeUtf8(snapshot.read(`${path}/${name}`) ?? new Uint8Array()) ?? "";
    const below = Object.entries(readTree(snapshot, `${path}/${name}`));
    return [
      ...(text === "" ? [] : [[name, text] as [string, string]]),
      ...below.map(([rest, value]): [string, string] => [`${name}/${rest}`, value]),
    ];
  });
  return Object.fromEntries(entries);
}
