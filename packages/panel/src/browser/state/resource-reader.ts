import { type ReadonlySignal, signal } from "@preact/signals";
import { isPassing } from "../errors.ts";
import { READ_RETRY_MS } from "../limits.ts";

/** Something that is read from the service, and read again when it changes. */
export type ResourceState<Value> =
  | { readonly kind: "loading" }
  | { readonly kind: "ready"; readonly value: Value }
  /** With what was read before, where there is any. */
  | { readonly kind: "failed"; readonly error: Error; readonly value: Value | undefined };

export interface Resource<Value> {
  readonly state: ReadonlySignal<ResourceState<Value>>;
  readonly reload: () => void;
}

/**
 * Reads one thing, one reading at a time; what changes while it is read is read again, and so is, after a
 * while, what could not be read.
 */
export class ResourceReader<Value> implements Resource<Value> {
  readonly state = signal<ResourceState<Value>>({ kind: "loading" });
  readonly reload = (): void => void this.#read();
  readonly #load: (signal: AbortSignal) => Promise<Value>;
  readonly #end = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #isReading = false;
  #isChanged = false;

  constructor(load: (signal: AbortSignal) => Promise<Value>) {
    this.#load = load;
  }

  /** Changes until then are read together. */
  reloadIn(delayMs: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.reload();
    }, delayMs);
  }

  /** Gives up what it reads. Safe to call twice. */
  close(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#retry);
    this.#end.abort();
  }

  async #read(): Promise<void> {
    this.#isChanged = true;
    if (this.#isReading) return;
    this.#isReading = true;
    const { signal } = this.#end;
    while (this.#isChanged && !signal.aborted) {
      this.#isChanged = false;
      const next = await this.#ask(signal);
      if (!signal.aborted) this.#show(next);
    }
    this.#isReading = false;
  }

  #show(next: ResourceState<Value>): void {
    this.state.value = next;
    clearTimeout(this.#retry);
    if (next.kind !== "failed" || !isPassing(next.error)) return;
    this.#retry = setTimeout(this.reload, READ_RETRY_MS);
  }

  async #ask(signal: AbortSignal): Promise<ResourceState<Value>> {
    try {
      return { kind: "ready", value: await this.#load(signal) };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const former = this.state.peek();
      return { kind: "failed", error, value: former.kind === "loading" ? undefined : former.value };
    }
  }
}
