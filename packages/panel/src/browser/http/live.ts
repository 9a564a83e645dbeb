import { type ReadonlySignal, signal } from "@preact/signals";
import { LIVE_RETRY_FIRST_MS, LIVE_RETRY_MAX_MS, LIVE_SILENCE_MS } from "../limits.ts";
import { type Change, parseChange } from "../model/change.ts";

/** Whether what is shown is as it is now: `lost` is told to users, and mended without them. */
export type LiveState = "connecting" | "live" | "lost";

/** What a reader of changes is told; undefined means that any of them may have been missed. */
export type ChangeListener = (change: Change | undefined) => void;

export interface LiveOptions {
  readonly url: string;
  /** EventSource, unless a test has another. */
  readonly open: (url: string) => EventSource;
  /** Is asked whether the session goes on, when the stream was refused. */
  readonly onRefused: () => void;
}

/**
 * The stream of changes (HTML, "Server-sent events"). A stream that breaks is resumed by the browser where
 * it ended; one that is silent for too long, or was refused, is opened anew, and readers are told to read
 * everything again.
 */
export class Live {
  readonly #options: LiveOptions;
  readonly #state = signal<LiveState>("connecting");
  readonly #listeners = new Set<ChangeListener>();
  #source: EventSource | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #retryMs = LIVE_RETRY_FIRST_MS;
  #hasBeenLive = false;

  constructor(options: LiveOptions) {
    this.#options = options;
  }

  get state(): ReadonlySignal<LiveState> {
    return this.#state;
  }

  /** Returns what ends the listening. */
  listen(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Begins; nothing happens when it has begun. */
  start(): void {
    if (this.#source === undefined && this.#retry === undefined) this.#connect();
  }

  /** At once, where it waits for the next attempt. */
  reconnect(): void {
    this.#drop();
    this.#connect();
  }

  /** Safe to call twice. */
  close(): void {
    this.#drop();
    this.#state.value = "connecting";
    this.#hasBeenLive = false;
  }

  #connect(): void {
    const source = this.#options.open(this.#options.url);
    this.#source = source;
    this.#awaitSound();
    source.addEventListener("ready", () => this.#onReady());
    source.addEventListener("reset", () => this.#onReset());
    source.addEventListener("beat", () => this.#awaitSound());
    source.addEventListener("change", (event: MessageEvent<string>) => this.#onChange(event.data));
    source.addEventListener("error", () => this.#onError(source));
  }

  #onReady(): void {
    // A stream that was opened anew does not know where the one before it ended.
    const mayHaveMissed =
      this.#hasBeenLive && this.#state.value !== "live" && this.#retryMs > LIVE_RETRY_FIRST_MS;
    this.#becomeLive();
    if (mayHaveMissed) this.#tell(undefined);
  }

  #onReset(): void {
    this.#becomeLive();
    this.#tell(undefined);
  }

  #onChange(data: string): void {
    this.#becomeLive();
    const change = parseChange(data);
    this.#tell(change);
  }

  #onError(source: EventSource): void {
    this.#state.value = "lost";
    // The browser tries again by itself, unless it was refused.
    if (source.readyState !== EventSource.CLOSED) return;
    this.#options.onRefused();
    this.#connectLater();
  }

  #becomeLive(): void {
    this.#state.value = "live";
    this.#hasBeenLive = true;
    this.#retryMs = LIVE_RETRY_FIRST_MS;
    this.#awaitSound();
  }

  #awaitSound(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      this.#state.value = "lost";
      this.#connectLater();
    }, LIVE_SILENCE_MS);
  }

  #connectLater(): void {
    this.#drop();
    const delayMs = this.#retryMs;
    this.#retryMs = Math.min(2 * delayMs, LIVE_RETRY_MAX_MS);
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#connect();
    }, delayMs);
  }

  #drop(): void {
    clearTimeout(this.#silence);
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#source?.close();
    this.#source = undefined;
  }

  #tell(change: Change | undefined): void {
    for (const listener of this.#listeners) listener(change);
  }
}
