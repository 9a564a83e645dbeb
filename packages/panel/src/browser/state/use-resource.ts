import { useSignalEffect } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { COALESCE_MS } from "../limits.ts";
import type { Change } from "../model/change.ts";
import { usePanel } from "./panel.ts";
import { type Resource, ResourceReader } from "./resource-reader.ts";

export type { Resource, ResourceState } from "./resource-reader.ts";

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
  const reader = useMemo(() => new ResourceReader(load), [key]);
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
