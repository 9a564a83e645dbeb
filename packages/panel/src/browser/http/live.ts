import { type ReadonlySignal, signal } from "@preact/signals";
import {
  LIVE_HIDDEN_MS,
  LIVE_LOST_MS,
  LIVE_RETRY_FIRST_MS,
  LIVE_RETRY_MAX_MS,
  LIVE_SILENCE_MS,
} from "../limits.ts";
import { type Change, parseChange } from "../model/change.ts";

/** Whether what is shown is as it is now: `lost` is told to users, and mended without them. */
export type LiveState = "connecting" | "live" | "lost";

/** What a reader of changes is told; undefined means that any of them may have been missed. */
export type ChangeListener = (change: Change | undefined) => void;

/** What of an EventSource is needed. */
export interface ChangeSource {
  readonly readyState: number;
  readonly CLOSED: number;
  addEventListener(event: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

export interface LiveOptions {
  /** Where the stream is, for who is signed in when it is opened. */
  readonly url: () => string;
  /** EventSource, unless a test has another. */
  readonly open: (url: string) => ChangeSource;
  /** Is asked whether the session goes on, when the stream was refused. */
  readonly onRefused: () => void;
}

/**
 * The stream of changes (HTML, "Server-sent events"). A stream that breaks is resumed by the browser where
 * it ended; one that is silent for too long, or was refused, is opened anew, and readers are told to read
 * everything again. A break that is mended in a moment is not worth a word: it is `connecting`. A tab that
 * nobody sees rests without a stream.
 */
export class Live {
  readonly #options: LiveOptions;
  readonly #state = signal<LiveState>("connecting");
  readonly #listeners = new Set<ChangeListener>();
  #isStarted = false;
  #isResting = false;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #source: ChangeSource | undefined;
  /** Whether the stream does not know where the one before it ended. */
  #isNew = false;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #loss: ReturnType<typeof setTimeout> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #retryMs = LIVE_RETRY_FIRST_MS;

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
    if (this.#isStarted) return;
    this.#isStarted = true;
    if (!this.#isResting) this.#connect();
  }

  /** Whether somebody can see what is shown; out of sight for a while, the stream is given up. */
  setVisible(isVisible: boolean): void {
    clearTimeout(this.#rest);
    if (!isVisible) {
      this.#rest = setTimeout(() => this.#takeRest(), LIVE_HIDDEN_MS);
    } else if (this.#isResting) {
      this.#isResting = false;
      this.reconnect();
    }
  }

  /** At once, where it waits for the next attempt; nothing happens before it has begun, or while it rests. */
  reconnect(): void {
    if (!this.#isStarted || this.#isResting) return;
    this.#drop();
    this.#retryMs = LIVE_RETRY_FIRST_MS;
    this.#connect();
  }

  /** Safe to call twice. */
  close(): void {
    this.#isStarted = false;
    this.#disconnect();
  }

  #takeRest(): void {
    this.#isResting = true;
    this.#disconnect();
  }

  #disconnect(): void {
    this.#drop();
    clearTimeout(this.#loss);
    this.#loss = undefined;
    this.#retryMs = LIVE_RETRY_FIRST_MS;
    this.#state.value = "connecting";
  }

  #connect(): void {
    const source = this.#options.open(this.#options.url());
    this.#source = source;
    this.#isNew = true;
    this.#awaitSound();
    // What a stream that was given up had on its way is not of this one.
    const on = (event: string, take: (data: string) => void): void =>
      source.addEventListener(event, ({ data }) => {
        if (source === this.#source) take(data);
      });
    on("ready", () => this.#onReady());
    on("reset", () => this.#onReset());
    on("beat", () => this.#awaitSound());
    on("change", (data) => this.#tell(parseChange(data)));
    on("error", () => this.#onError(source));
  }

  #onReady(): void {
    const mayHaveMissed = this.#isNew;
    this.#becomeLive();
    if (mayHaveMissed) this.#tell(undefined);
  }

  #onReset(): void {
    this.#becomeLive();
    this.#tell(undefined);
  }

  #onError(source: ChangeSource): void {
    this.#state.value = this.#state.value === "lost" ? "lost" : "connecting";
    this.#loss ??= setTimeout(() => {
      this.#state.value = "lost";
    }, LIVE_LOST_MS);
    // The browser tries again by itself, unless it was refused.
    if (source.readyState !== source.CLOSED) return;
    this.#options.onRefused();
    this.#connectLater();
  }

  #becomeLive(): void {
    clearTimeout(this.#loss);
    this.#loss = undefined;
    this.#state.value = "live";
    this.#isNew = false;
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
    this.#retry = setTimeout(() => this.#connect(), delayMs);
  }

  #drop(): void {
    clearTimeout(this.#silence);
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = undefined;
  }

  #tell(change: Change | undefined): void {
    for (const listener of this.#listeners) listener(change);
  }
}
