import type { CancelSignal } from "./cancel-signal.ts";
import { type XenstoreClient, XenstoreError } from "@nova-agent/xenstore";
import { Alarm } from "./alarm.ts";
import { EventBell } from "./event-bell.ts";
import { ExchangeWatches, type Happening } from "./exchange-watches.ts";
import { HostError } from "./errors.ts";
import { GUEST_RETURN_TIMEOUT_MS } from "./limits.ts";
import { actionAtMeeting } from "./model/after-move.ts";
import { commandRule } from "./model/command-rule.ts";
import {
  type ExchangeFacts,
  giveUpError,
  goneError,
  movedError,
  type Standing,
  writeError,
} from "./model/exchange-errors.ts";
import type { ExchangeRecord, RecordedRequest } from "./exchange-record.ts";
import type { ExchangeProgress } from "./model/exchange-progress.ts";
import { requestPath } from "./model/guest-paths.ts";
import { type GuestReply, readAnswer } from "./model/reply.ts";
import type { GuestRequest } from "./model/request.ts";
import {
  type Placement,
  type RequestNodes,
  readReply,
  removeReply,
  withdrawRequest,
  writeRequest,
} from "./request-nodes.ts";
import type { GuestPorts, TrackedGuest } from "./tracked-guest.ts";

export interface ExchangeOptions {
  /** Follows the guest: afterwards its domid is where the exchange ended. */
  readonly guest: TrackedGuest;
  /** Names the request and its reply; a GUID, because agents on Windows look at nothing else. */
  readonly id: string;
  readonly request: GuestRequest;
  /** From beginning to end, wherever the guest is meanwhile. */
  readonly timeoutMs: number;
  /** Throws OUTCOME_UNKNOWN, or GUEST_GONE when nothing was sent, as soon as the guest is found to have moved. */
  readonly endsAtMove?: boolean | undefined;
  /** Awaits the answer to a request that an earlier exchange wrote under this id, and writes nothing. */
  readonly isResumed?: boolean | undefined;
  /** Giving up withdraws the request. */
  readonly signal?: CancelSignal | undefined;
  readonly onProgress?: ((progress: ExchangeProgress) => void) | undefined;
  readonly record?: ExchangeRecord | undefined;
}

/** What one exchange is made of. */
export interface ExchangeLoopOptions extends ExchangeOptions {
  /** The request as it is written. */
  readonly bytes: Uint8Array;
}

/**
 * One exchange from beginning to end: wakes whenever something around it changes, looks at the state of
 * the world, and does the next thing. While the guest is away it watches the host instead of the guest.
 */
export class ExchangeLoop {
  readonly #xenstore: XenstoreClient;
  readonly #options: ExchangeLoopOptions;
  readonly #guest: TrackedGuest;
  readonly #firstDomid: number;
  readonly #bell = new EventBell<Happening>();
  readonly #watches: ExchangeWatches;
  readonly #limit: Alarm;
  readonly #returnLimit: Alarm;
  readonly #wake = (): void => this.#bell.ring("other");
  /** What was done where the guest is now: nothing yet, asked it, or left it to answer by itself. */
  #here: "met" | "asked" | "listening" = "met";
  #hasMoved = false;
  #wasSent: boolean;
  #wasTaken = false;

  constructor(ports: GuestPorts, options: ExchangeLoopOptions) {
    this.#xenstore = ports.xenstore;
    this.#options = options;
    this.#guest = options.guest;
    this.#wasSent = options.isResumed === true;
    this.#firstDomid = options.guest.domid;
    this.#watches = new ExchangeWatches(ports.xenstore, this.#bell);
    this.#limit = new Alarm(ports.clock, this.#wake);
    this.#returnLimit = new Alarm(ports.clock, this.#wake);
    options.signal?.addEventListener("abort", this.#wake, { once: true });
  }

  async run(): Promise<GuestReply> {
    this.#limit.start(this.#options.timeoutMs);
    if (this.#guest.isAway) await this.#leave();
    else await this.#watches.watchGuest(this.#nodes);
    for (;;) {
      const reply = await this.#look(await this.#bell.next());
      if (reply !== undefined) return reply;
    }
  }

  /** Removes the request if that can still be done, after XenStore failed in whatever way. */
  async abandon(): Promise<void> {
    if (this.#here !== "asked") return;
    await withdrawRequest(this.#xenstore, this.#nodes).catch((error: unknown) => {
      // What failed first tells more.
      if (!(error instanceof XenstoreError)) throw error;
    });
  }

  /** Ends the waiting; safe to call twice. */
  async close(): Promise<void> {
    this.#limit.stop();
    this.#returnLimit.stop();
    this.#options.signal?.removeEventListener("abort", this.#wake);
    await this.#watches.close();
  }

  /** The reply, when it is there; throws when there will be none. */
  async #look(happenings: readonly Happening[]): Promise<GuestReply | undefined> {
    if (this.#guest.isAway && !(await this.#findAgain())) return undefined;
    // Whatever else happened, an answer that came counts.
    const reply = await this.#takeReply();
    if (reply !== undefined) return reply;
    if (happenings.includes("domain") && !(await this.#guest.isHere())) await this.#leave();
    else if (this.#isCancelled || this.#limit.hasRung) return this.#giveUp();
    else if (this.#here === "met") await this.#meet();
    else if (happenings.includes("request")) await this.#noteTaken();
    return undefined;
  }

  /** Decides what to do where the guest was met, and does it. */
  async #meet(): Promise<void> {
    const isResumed = this.#options.isResumed === true;
    if (isResumed && (await this.#isUnread())) {
      this.#here = "asked";
      return;
    }
    const meeting = {
      isResumed,
      hasMoved: this.#hasMoved,
      wasSent: this.#wasSent,
      mayRepeat: commandRule(this.#options.request.name).mayRepeat,
      endsAtMove: this.#options.endsAtMove === true,
    };
    switch (actionAtMeeting(meeting)) {
      case "end":
        throw movedError(this.#standing);
      case "listen":
        this.#here = "listening";
        return;
      case "ask":
        await this.#ask();
    }
  }

  async #ask(): Promise<void> {
    await this.#options.record?.beforeSend(this.#recorded);
    // Whatever becomes of the writing: from now on the request may lie there.
    this.#here = "asked";
    switch (await this.#write()) {
      case "elsewhere":
        return this.#leave();
      case "answered":
        return;
      case "written":
        this.#wasSent = true;
        this.#tell("sent");
    }
  }

  async #write(): Promise<Placement> {
    const { bytes } = this.#options;
    try {
      const options = { ...this.#nodes, guest: this.#guest.identity, bytes };
      return await writeRequest(this.#xenstore, options);
    } catch (error) {
      throw writeError(error, { ...this.#facts, bytes: bytes.length });
    }
  }

  /** Takes note that the guest is not here any more, and watches for its return. */
  async #leave(): Promise<void> {
    this.#guest.leave();
    this.#here = "met";
    await this.#watches.watchHost();
    this.#returnLimit.start(Math.max(0, GUEST_RETURN_TIMEOUT_MS - this.#guest.awayMs));
    this.#tell("away");
  }

  /** Whether the guest is back; throws when it is not waited for any more. */
  async #findAgain(): Promise<boolean> {
    const formerDomid = this.#guest.domid;
    if (!(await this.#guest.findAgain())) {
      if (!this.#isCancelled && !this.#limit.hasRung && !this.#returnLimit.hasRung) return false;
      throw goneError({ ...this.#standing, awayMs: this.#guest.awayMs });
    }
    this.#hasMoved = true;
    this.#returnLimit.stop();
    await this.#watches.watchGuest(this.#nodes);
    this.#options.onProgress?.({ ...this.#step, stage: "moved", formerDomid });
    return true;
  }

  async #takeReply(): Promise<GuestReply | undefined> {
    const bytes = await readReply(this.#xenstore, this.#nodes);
    if (bytes === undefined) return undefined;
    const answer = readAnswer(bytes, this.#facts);
    await this.#options.record?.beforeRemoval(this.#recorded, answer);
    await removeReply(this.#xenstore, this.#nodes);
    // The answer may be that of work the guest brought along; then it need not be done again.
    if (this.#hasMoved && this.#here === "asked") await withdrawRequest(this.#xenstore, this.#nodes);
    this.#tell("answered");
    if (answer instanceof HostError) throw answer;
    return answer;
  }

  async #noteTaken(): Promise<void> {
    if (this.#wasTaken || this.#here !== "asked") return;
    if (await this.#isUnread()) return;
    // A domain that ends takes the request along, and that is not the guest's doing.
    if (!(await this.#guest.isHere())) return this.#leave();
    this.#wasTaken = true;
    await this.#options.record?.taken(this.#recorded);
    this.#tell("taken");
  }

  async #isUnread(): Promise<boolean> {
    return this.#xenstore.exists(requestPath(this.#nodes.domid, this.#nodes.id));
  }

  /** Withdraws the request and looks for a reply one last time. */
  async #giveUp(): Promise<GuestReply> {
    if (this.#here === "asked") {
      this.#wasTaken = !(await withdrawRequest(this.#xenstore, this.#nodes)) || this.#wasTaken;
      const lastReply = await this.#takeReply();
      if (lastReply !== undefined) return lastReply;
    }
    throw giveUpError(this.#standing);
  }

  get #isCancelled(): boolean {
    return this.#options.signal?.aborted === true;
  }

  get #nodes(): RequestNodes {
    return { domid: this.#guest.domid, id: this.#options.id };
  }

  get #recorded(): RecordedRequest {
    return { ...this.#nodes, command: this.#options.request.name };
  }

  get #facts(): ExchangeFacts {
    return { domid: this.#guest.domid, command: this.#options.request.name };
  }

  get #step(): ExchangeFacts & { readonly timeoutMs: number } {
    return { ...this.#facts, timeoutMs: this.#options.timeoutMs };
  }

  get #standing(): Standing {
    return {
      ...this.#step,
      domid: this.#firstDomid,
      currentDomid: this.#guest.domid,
      wasSent: this.#wasSent,
      wasTaken: this.#wasTaken,
      isLost: this.#wasSent && this.#here !== "asked",
      isCancelled: this.#isCancelled,
      isResumed: this.#options.isResumed === true,
    };
  }

  #tell(stage: Exclude<ExchangeProgress["stage"], "moved">): void {
    this.#options.onProgress?.({ ...this.#step, stage });
  }
}
