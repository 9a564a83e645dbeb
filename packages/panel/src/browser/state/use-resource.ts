import { type ReadonlySignal, signal, useSignalEffect } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { COALESCE_MS } from "../limits.ts";
import type { Change } from "../model/change.ts";
import { usePanel } from "./panel.ts";

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

export interface ResourceOptions<Value> {
  /** Another key is another thing, such as the id of the server. */
  readonly key: string;
  readonly load: (signal: AbortSignal) => Promise<Value>;
  /** Whether a change is of it. */
  readonly concerns: (change: Change) => boolean;
  /** How long changes are collected before it is read again, in milliseconds. */
  readonly coalesceMs?: number;
}

/** Reads it, and again whenever the stream tells of a change that concerns it; one reading at a time. */
export function useResource<Value>(options: ResourceOptions<Value>): Resource<Value> {
  const { key, load, concerns, coalesceMs = COALESCE_MS } = options;
  const { live } = usePanel();
  const reader = useMemo(() => new Reader(load), [key]);
  useEffect(() => {
    reader.reload();
    const stop = live.listen((change) => {
      if (change === undefined || concerns(change)) reader.reloadIn(coalesceMs);
    });
    return () => {
      stop();
      reader.close();
    };
  }, [reader]);
  return reader;
}

/** Calls with each value once it is ready, such as to give the document its title. */
export function useValue<Value>({ state }: Resource<Value>, use: (value: Value) => void): void {
  useSignalEffect(() => {
    if (state.value.kind === "ready") use(state.value.value);
  });
}

/** What was read last; undefined before anything was. */
export function valueOf<Value>({ state }: Resource<Value>): Value | undefined {
  return state.value.kind === "loading" ? undefined : state.value.value;
}

class Reader<Value> implements Resource<Value> {
  readonly state = signal<ResourceState<Value>>({ kind: "loading" });
  readonly reload = (): void => void this.#read();
  readonly #load: (signal: AbortSignal) => Promise<Value>;
  readonly #end = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isReading = false;
  #isChanged = false;

  constructor(load: (signal: AbortSignal) => Promise<Value>) {
    this.#load = load;
  }

  reloadIn(delayMs: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.reload();
    }, delayMs);
  }

  close(): void {
    clearTimeout(this.#timer);
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
      if (!signal.aborted) this.state.value = next;
    }
    this.#isReading = false;
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
