import { type XenstoreClient, XenstoreError } from "@nova-agent/xenstore";
import { SystemError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { Pause } from "../pause.ts";
import type { ReportSystem } from "../system/system.ts";
import { NETWORK_SETTLE_MS, OTHER_DAEMON_INTERVAL_MS, PUBLISH_RETRY_MS } from "./limits.ts";
import { findOtherDaemon, type OtherDaemon } from "./other-daemon.ts";
import { type Nodes, Publisher } from "./publisher.ts";
import { type ConstantFacts, readAddressNodes, readConstantNodes, readSlowNodes } from "./read-nodes.ts";
import { updatedText } from "./updated-text.ts";

/** What a reporter stands on. */
export interface ReporterOptions {
  /** Its files are those below the root. */
  readonly system: ReportSystem;
  /** Open, and connecting again by itself; the reporter does not close it. */
  readonly client: XenstoreClient;
  readonly log: Logger;
  readonly facts: ConstantFacts;
  /** Time between two looks at memory and disks. */
  readonly intervalMs: number;
  /** Called after each look that did not fail: the guest is reported on, by this daemon or by another one. */
  readonly ready?: () => void;
}

/**
 * Changes with each creation of a domain, so also with a migration or a resume of a suspended guest; and
 * the kernel sets all watches anew then, which each cause an event, whether there is such a node or not.
 */
const IDENTITY_PATH = "unique-domain-id";

/** What has to be looked at. */
type Due = "everything" | "slow" | "addresses";

/**
 * Keeps in XenStore what toolstacks want to know of the guest: addresses as soon as they change, memory and
 * disks now and then, and everything anew when the guest may have another XenStore. Keeps quiet while
 * another daemon does the same. No failure ends it.
 */
export class Reporter {
  readonly #options: ReporterOptions;
  readonly #publisher: Publisher;
  readonly #pause: Pause;
  readonly #due = new Set<Due>();
  readonly #loops: Promise<unknown>;
  #constant: Nodes | undefined;
  #slow: Nodes = new Map();
  #addresses: Nodes = new Map();
  #other: OtherDaemon | undefined;
  #hasFailed = false;
  #isWorking = false;
  #isClosed = false;
  #cancelTick: () => void = () => {};
  #cancelSettle: (() => void) | undefined;
  #unwatchNetwork: () => void = () => {};
  #closeWatch: () => Promise<void> = () => Promise.resolve();
  #working: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;

  private constructor(options: ReporterOptions) {
    const { client, log, system } = options;
    this.#options = options;
    this.#pause = new Pause(system.clock);
    this.#publisher = new Publisher({ client, log, now: () => updatedText(system.unixTime()) });
    this.#watchNetwork();
    this.#note("everything");
    this.#tickAfter(options.intervalMs);
    this.#loops = this.#followIdentity();
  }

  /** Starts a reporter, which works until it is closed. */
  static start(options: ReporterOptions): Reporter {
    return new Reporter(options);
  }

  /** Ends the reporter; what it has published stays. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelTick();
    this.#cancelSettle?.();
    this.#unwatchNetwork();
    this.#pause.end();
    await Promise.all([this.#closeWatch(), this.#loops, this.#working]);
  }

  #watchNetwork(): void {
    try {
      this.#unwatchNetwork = this.#options.system.watchNetwork(() => this.#settle());
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      const { intervalMs, log } = this.#options;
      log.warn("Cannot watch the network, looking at it now and then", {
        reason: error.message,
        intervalMs,
      });
    }
  }

  /** A change seldom comes alone; the first one sets when all of them are looked at. */
  #settle(): void {
    this.#cancelSettle ??= this.#options.system.clock.after(NETWORK_SETTLE_MS, () => {
      this.#cancelSettle = undefined;
      this.#note("addresses");
    });
  }

  #tickAfter(delayMs: number): void {
    this.#cancelTick();
    this.#cancelTick = this.#options.system.clock.after(delayMs, () => {
      this.#tickAfter(this.#intervalMs());
      // The addresses as well, in case a change was not told.
      this.#note("slow", "addresses");
    });
  }

  #intervalMs(): number {
    return this.#other === undefined ? this.#options.intervalMs : OTHER_DAEMON_INTERVAL_MS;
  }

  /** Each event of this watch may mean another XenStore: at the start, on a new connection, after a move. */
  async #followIdentity(): Promise<void> {
    while (!this.#isClosed) {
      const watch = this.#options.client.watch(IDENTITY_PATH);
      this.#closeWatch = () => watch.close();
      let isFirst = true;
      try {
        for await (const _ of watch) {
          // The first one comes with the watch itself.
          if (!isFirst) this.#note("everything");
          isFirst = false;
        }
      } catch (error) {
        this.#options.log.warn("Watch of the guest's identity ended", { error: messageOf(error) });
      }
      await this.#pause.wait(PUBLISH_RETRY_MS);
      this.#note("everything");
    }
  }

  #note(...due: readonly Due[]): void {
    if (this.#isClosed) return;
    for (const each of due) this.#due.add(each);
    if (this.#isWorking) return;
    this.#isWorking = true;
    this.#working = this.#work();
  }

  /** Never rejects. */
  async #work(): Promise<void> {
    while (this.#due.size > 0 && !this.#isClosed) {
      const due = new Set(this.#due);
      this.#due.clear();
      try {
        await this.#report(due);
        this.#hasFailed = false;
        this.#options.ready?.();
      } catch (error) {
        this.#noteFailure(error);
        await this.#pause.wait(PUBLISH_RETRY_MS);
        this.#due.add("everything");
      }
    }
    this.#isWorking = false;
  }

  #noteFailure(error: unknown): void {
    const { log } = this.#options;
    const isExpected = error instanceof XenstoreError || error instanceof SystemError;
    const tell = !isExpected ? log.error : this.#hasFailed ? log.debug : log.warn;
    this.#hasFailed = true;
    tell("Could not report on the guest, trying again", {
      error: messageOf(error),
      delayMs: PUBLISH_RETRY_MS,
    });
  }

  async #report(due: ReadonlySet<Due>): Promise<void> {
    if (this.#keepsQuiet(due)) return;
    const { system, client, facts } = this.#options;
    const isEverything = due.has("everything");
    if (isEverything) this.#publisher.forget();
    this.#constant ??= readConstantNodes(system, facts);
    if (isEverything || due.has("addresses")) this.#addresses = await readAddressNodes({ system, client });
    if (isEverything || due.has("slow")) this.#slow = await readSlowNodes({ system, client });
    await this.#publisher.publish(new Map([...this.#constant, ...this.#addresses, ...this.#slow]));
  }

  /** Whether another daemon reports on the guest; looked for at each look but those at addresses alone. */
  #keepsQuiet(due: ReadonlySet<Due>): boolean {
    if (!due.has("everything") && !due.has("slow")) return this.#other !== undefined;
    const { log, system } = this.#options;
    const before = this.#other;
    this.#other = findOtherDaemon(system.files);
    if ((before === undefined) === (this.#other === undefined)) return before !== undefined;
    if (this.#other !== undefined) {
      log.info("Another daemon reports on the guest, keeping quiet", { ...this.#other });
    } else {
      log.info("The other daemon is gone, reporting on the guest");
      this.#publisher.forget();
      this.#due.add("everything");
    }
    this.#tickAfter(this.#intervalMs());
    return true;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
