import type { Clock, XenstoreClient } from "@nova-agent/xenstore";
import { Answers } from "./answers.ts";
import {
  CLOSE_TIMEOUT_MS,
  POLL_INTERVAL_MS,
  REPLIES_HELD_MAX,
  REPLY_KEPT_MS,
  RETRY_DELAY_MS,
} from "../limits.ts";
import type { Logger } from "../log.ts";
import { listNames, passOverMissing, REQUESTS_PATH } from "../nodes.ts";
import { Pause } from "../pause.ts";
import { encodeReply } from "../protocol/reply.ts";
import type { RequestHandler } from "./request-handler.ts";
import { RequestQueue, type Task } from "./request-queue.ts";

/** Shows what would be done with a request. */
export type DryRun = (requestId: string, bytes: Uint8Array) => Promise<void>;

/** What an agent stands on. */
export interface AgentOptions {
  /** Open, and connecting again by itself; the agent does not close it. */
  readonly client: XenstoreClient;
  readonly clock: Clock;
  readonly log: Logger;
  /** Closed with the agent. */
  readonly handler: RequestHandler;
  /** Done before the first request is served; never rejects. */
  readonly atStart?: () => Promise<void>;
  /** Called once, when the requests that were there at the start are served. */
  readonly ready?: () => void;
  /** Called at every look for requests, which shows that the agent is not stuck. */
  readonly onPoll?: () => void;
  /** Takes every request instead of the handler; then nothing is answered or removed. */
  readonly dryRun?: DryRun;
  /** Time between two looks for requests whose watch event was lost. */
  readonly pollIntervalMs?: number;
  /** Time that an answer stays when the host does not remove it. */
  readonly replyKeptMs?: number;
}

/**
 * Serves the requests of `data/host`, one at a time and in order: each is carried out, then removed
 * and answered in `data/guest` in one transaction. No request ends the agent, and a lost connection is
 * waited out; an answer that could not be delivered is kept, so that nothing is done twice.
 */
export class Agent {
  readonly #options: AgentOptions;
  readonly #clock: Clock;
  readonly #queue = new RequestQueue();
  readonly #pause: Pause;
  readonly #answers: Answers;
  /** Answers that XenStore did not take yet, by request. */
  readonly #held = new Map<string, Uint8Array>();
  /** Requests that a dry run has shown. */
  readonly #shown = new Set<string>();
  readonly #loops: Promise<unknown>;
  #hasListed = false;
  #isReady = false;
  #isClosed = false;
  #cancelPoll: () => void = () => {};
  #closeWatch: () => Promise<void> = () => Promise.resolve();
  #closing: Promise<void> | undefined;

  private constructor(options: AgentOptions) {
    const { client, clock, log } = options;
    this.#options = options;
    this.#clock = clock;
    this.#pause = new Pause(clock);
    const keptMs = options.replyKeptMs ?? REPLY_KEPT_MS;
    this.#answers = new Answers({ client, clock, log, keptMs });
    this.#loops = Promise.all([this.#follow(), this.#work()]);
    this.#poll();
  }

  /** Starts an agent, which works until it is closed. */
  static start(options: AgentOptions): Agent {
    return new Agent(options);
  }

  /** Lets the request in hand finish, within a limit, and ends the agent. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelPoll();
    this.#queue.close();
    this.#pause.end();
    const limit = new Pause(this.#clock);
    const loops = this.#loops.finally(() => limit.end());
    await Promise.race([Promise.all([this.#closeWatch(), loops]), limit.wait(CLOSE_TIMEOUT_MS)]);
    this.#options.handler.close();
  }

  /** Looks for requests now, and again every so often. */
  #poll(): void {
    this.#queue.addListing();
    this.#options.onPoll?.();
    const intervalMs = this.#options.pollIntervalMs ?? POLL_INTERVAL_MS;
    this.#cancelPoll = this.#clock.after(intervalMs, () => this.#poll());
  }

  /** Watches for requests until the end, also after XenStore ended the watch. */
  async #follow(): Promise<void> {
    while (!this.#isClosed) {
      const watch = this.#options.client.watch(REQUESTS_PATH);
      this.#closeWatch = () => watch.close();
      try {
        for await (const { path } of watch) this.#notice(path);
      } catch (error) {
        this.#options.log.warn("Watch of the requests ended", { error: messageOf(error) });
      }
      await this.#pause.wait(RETRY_DELAY_MS);
    }
  }

  #notice(path: string): void {
    const requestId = path.startsWith(`${REQUESTS_PATH}/`) ? path.split("/")[2] : undefined;
    if (requestId === undefined) this.#queue.addListing();
    else this.#queue.add(requestId);
  }

  async #work(): Promise<void> {
    await this.#options.atStart?.();
    for (;;) {
      const task = await this.#queue.take();
      if (task === undefined) return;
      try {
        await this.#perform(task);
      } catch (error) {
        // Reconnection and poll bring the request back.
        const requestId = task.kind === "request" ? task.requestId : undefined;
        this.#options.log.error("Could not serve requests", { requestId, error: messageOf(error) });
        await this.#pause.wait(RETRY_DELAY_MS);
      }
      this.#tellReady();
    }
  }

  #perform(task: Task): Promise<void> {
    return task.kind === "listing" ? this.#list() : this.#serve(task.requestId);
  }

  #tellReady(): void {
    if (this.#isReady || !this.#hasListed || !this.#queue.isEmpty) return;
    this.#isReady = true;
    try {
      this.#options.ready?.();
    } catch (error) {
      this.#options.log.error("Could not tell that the agent is ready", { error: messageOf(error) });
    }
  }

  async #list(): Promise<void> {
    const { client, dryRun, log } = this.#options;
    const requestIds = await listNames(client, REQUESTS_PATH);
    if (requestIds === undefined) log.warn("Too many requests to list, only new ones are seen");
    else this.#forgetMissing(new Set(requestIds));
    for (const requestId of requestIds ?? []) this.#queue.add(requestId);
    for (const requestId of this.#held.keys()) this.#queue.add(requestId);
    if (dryRun === undefined) {
      if (!this.#hasListed) await this.#answers.adopt();
      await this.#answers.tend();
    }
    this.#hasListed = true;
  }

  /** Forgets what was held for requests that are gone. */
  #forgetMissing(present: ReadonlySet<string>): void {
    for (const known of [this.#held, this.#shown]) {
      for (const requestId of known.keys()) if (!present.has(requestId)) known.delete(requestId);
    }
  }

  async #serve(requestId: string): Promise<void> {
    const { client, dryRun } = this.#options;
    const held = this.#held.get(requestId);
    if (held !== undefined) return this.#answer(requestId, held);
    const [bytes, isAnswered] = await Promise.all([
      passOverMissing(client.read(`${REQUESTS_PATH}/${requestId}`)),
      this.#answers.has(requestId),
    ]);
    // Gone: the host gave up, or the event is that of our own removal.
    if (bytes === undefined) return;
    if (dryRun !== undefined) return this.#show({ requestId, bytes, dryRun });
    if (isAnswered) return this.#answers.removeRequest(requestId);
    const reply = await this.#options.handler.handle(requestId, bytes);
    return this.#answer(requestId, encodeReply(reply));
  }

  async #answer(requestId: string, bytes: Uint8Array): Promise<void> {
    try {
      await this.#answers.put(requestId, bytes);
      this.#held.delete(requestId);
    } catch (error) {
      this.#hold(requestId, bytes);
      throw error;
    }
  }

  #hold(requestId: string, bytes: Uint8Array): void {
    const [oldest] = this.#held.keys();
    if (oldest !== undefined && this.#held.size >= REPLIES_HELD_MAX) {
      this.#held.delete(oldest);
      this.#options.log.error("Answer dropped, too many wait for XenStore", { requestId: oldest });
    }
    this.#held.set(requestId, bytes);
  }

  async #show(request: { requestId: string; bytes: Uint8Array; dryRun: DryRun }): Promise<void> {
    const { requestId, bytes, dryRun } = request;
    if (this.#shown.has(requestId)) return;
    this.#shown.add(requestId);
    await dryRun(requestId, bytes);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
