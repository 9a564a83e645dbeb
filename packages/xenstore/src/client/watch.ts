import type { XenstoreError } from "../errors.ts";
import { WATCH_BUFFER_EVENTS_MAX } from "../limits.ts";

/** Something at or below a watched path changed. It may have changed again, or be gone, by now. */
export interface WatchEvent {
  /** The changed path; relative when the watch was made with a relative path. */
  readonly path: string;
}

/** How a watch is made. */
export interface WatchOptions {
  /** Levels below the path that matter, 0 for the node alone; only newer servers know it. */
  readonly depth?: number;
}

/**
 * A watch and its events, for one reader. The first event names the watched path and comes from
 * registering; so does one after every reconnection: look again. Equal events that were not taken
 * yet are one, and above 1000 they all become one event for the watched path. Leaving a `for await`
 * loop closes the watch; an error of the registration or the end of the client throws there.
 */
export interface Watch extends AsyncIterable<WatchEvent> {
  readonly path: string;
  /** The server knows the watch. Rejects when it refuses or the connection ends first; nobody has to listen. */
  readonly ready: Promise<void>;
  /** Ends the watch and its iteration; later events are dropped. Safe to call twice, never rejects. */
  close(): Promise<void>;
}

/** What a client's watch is made of. */
export interface ClientWatchOptions {
  readonly path: string;
  readonly token: string;
  readonly depth: number | undefined;
  readonly register: (watch: ClientWatch) => Promise<void>;
  readonly unregister: (watch: ClientWatch) => Promise<void>;
}

/** The client's side of a watch: the bounded buffer between the connection and the reader. */
export class ClientWatch implements Watch {
  readonly path: string;
  readonly token: string;
  readonly depth: number | undefined;
  readonly ready: Promise<void>;
  readonly #unregister: ClientWatchOptions["unregister"];
  /** Changed paths not taken yet, oldest first. */
  readonly #paths = new Set<string>();
  #isReady = false;
  #closing: Promise<void> | undefined;
  #end: { readonly error?: XenstoreError } | undefined;
  #wake: (() => void) | undefined;

  constructor({ path, token, depth, register, unregister }: ClientWatchOptions) {
    this.path = path;
    this.token = token;
    this.depth = depth;
    this.#unregister = unregister;
    this.ready = this.#becomeReady(register);
    this.ready.catch(() => {
      // The iteration throws it as well; a caller need not listen at both.
    });
  }

  /** Whether the server once knew the watch, so that it belongs on the next connection too. */
  get isReady(): boolean {
    return this.#isReady;
  }

  get isEnded(): boolean {
    return this.#end !== undefined;
  }

  /** Takes an event from the connection. */
  deliver(path: string): void {
    if (this.#end !== undefined) return;
    if (this.#paths.size >= WATCH_BUFFER_EVENTS_MAX && !this.#paths.has(path)) {
      this.#paths.clear();
      this.#paths.add(this.path);
    } else {
      this.#paths.add(path);
    }
    this.#wakeReaders();
  }

  /** Ends the iteration, with what it shall throw when the end was not asked for. */
  end(error?: XenstoreError): void {
    if (this.#end !== undefined) return;
    this.#end = error === undefined ? {} : { error };
    this.#paths.clear();
    this.#wakeReaders();
  }

  close(): Promise<void> {
    this.end();
    this.#closing ??= this.#unregister(this);
    return this.#closing;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<WatchEvent, void> {
    try {
      while (this.#end === undefined) {
        for (const path of this.#paths) {
          this.#paths.delete(path);
          yield { path };
        }
        await this.#wait();
      }
      if (this.#end.error !== undefined) throw this.#end.error;
    } finally {
      await this.close();
    }
  }

  async #becomeReady(register: ClientWatchOptions["register"]): Promise<void> {
    await register(this);
    this.#isReady = true;
  }

  /** Until there is something to take or the end. */
  #wait(): Promise<void> {
    if (this.#end !== undefined || this.#paths.size > 0) return Promise.resolve();
    return new Promise((resolve) => {
      const wakeOthers = this.#wake;
      this.#wake = () => {
        wakeOthers?.();
        resolve();
      };
    });
  }

  #wakeReaders(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
