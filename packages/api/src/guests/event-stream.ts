import type { ChangeFeed, Clock, PublishedChange, Subscription } from "@nova-agent/host";
import { EVENTS_BEAT_MS, EVENTS_BUFFER_BYTES, EVENTS_REPLAYED_MAX } from "../limits.ts";
import { encodeChange, encodeRetry, encodeStreamEvent } from "./event-frames.ts";

export interface EventStreamOptions {
  readonly changes: Pick<ChangeFeed, "subscribe">;
  readonly clock: Pick<Clock, "after">;
  /** Whose servers; those of all projects when undefined. */
  readonly projectId: string | undefined;
  /** The last position that the client has seen. */
  readonly after: string | undefined;
  /** Whether the client may still listen; asked at every beat. */
  readonly mayListen: () => Promise<boolean>;
  /** Ends the stream when it is aborted. */
  readonly closing: AbortSignal | undefined;
  /** Ends a connection whose client does not read. */
  readonly hangUp: () => void;
  /** Called once, when the stream has ended, for whatever reason. */
  readonly onEnded: () => void;
}

/** One client's events. `bytes` is what it is sent. */
export class EventStream {
  readonly bytes: ReadableStream<Uint8Array>;
  readonly #options: EventStreamOptions;
  readonly #encoder = new TextEncoder();
  readonly #onClosing = (): void => this.#end();
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #subscription: Subscription | undefined;
  #cancelBeat: () => void = () => undefined;
  #position = "";
  #hasEnded = false;

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.bytes = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
          this.#begin();
        },
        cancel: () => this.#end(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: EVENTS_BUFFER_BYTES }),
    );
  }

  #begin(): void {
    const { changes, after, closing } = this.#options;
    this.#subscription = changes.subscribe((change) => this.#take(change), { after });
    const { position } = this.#subscription;
    const missed = this.#missed(this.#subscription);
    this.#position = missed === undefined || after === undefined ? position : after;
    this.#send(encodeRetry() + encodeStreamEvent(missed === undefined ? "reset" : "ready", this.#position));
    for (const change of missed ?? []) this.#take(change);
    this.#position = position;
    closing?.addEventListener("abort", this.#onClosing);
    if (closing?.aborted === true) this.#end();
    this.#awaitBeat();
  }

  /** The last change of each thing that the client has missed; undefined when it reads everything anew. */
  #missed({ missed }: Subscription): readonly PublishedChange[] | undefined {
    if (missed === undefined) return undefined;
    const last = new Map<string, PublishedChange>();
    for (const change of missed.filter((one) => this.#isOwn(one))) {
      const key = `${change.kind} ${change.id}`;
      // Behind those that changed before it.
      last.delete(key);
      last.set(key, change);
    }
    return last.size > EVENTS_REPLAYED_MAX ? undefined : [...last.values()];
  }

  #take(change: PublishedChange): void {
    this.#position = change.position;
    if (this.#isOwn(change)) this.#send(encodeChange(change));
  }

  #isOwn(change: PublishedChange): boolean {
    const { projectId } = this.#options;
    return projectId === undefined || change.projectId === projectId;
  }

  #send(frames: string): void {
    if (this.#hasEnded) return;
    this.#controller?.enqueue(this.#encoder.encode(frames));
    if ((this.#controller?.desiredSize ?? 0) > 0) return;
    // It finds out what it has missed when it comes back.
    this.#end();
    this.#options.hangUp();
  }

  #awaitBeat(): void {
    if (this.#hasEnded) return;
    this.#cancelBeat = this.#options.clock.after(EVENTS_BEAT_MS, () => void this.#beat());
  }

  async #beat(): Promise<void> {
    // Whoever comes back after a failure is told of it.
    const mayListen = await this.#options.mayListen().catch(() => false);
    if (!mayListen) this.#end();
    // Changes of other projects have moved it on.
    this.#send(encodeStreamEvent("beat", this.#position));
    this.#awaitBeat();
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#subscription?.close();
    this.#cancelBeat();
    this.#options.closing?.removeEventListener("abort", this.#onClosing);
    try {
      this.#controller?.close();
    } catch {
      // The client has cancelled it: then it is closed.
    }
    this.#options.onEnded();
  }
}
