import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { WAIT_NOTICE_MS } from "../limits.ts";
import type { Resource } from "../state/use-resource.ts";
import { Button } from "./button.tsx";
import { Failure } from "./notice.tsx";

/** Says what is waited for, once it is worth a word. */
export function Loading({ what }: { readonly what: string }) {
  const isShown = useSignal(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      isShown.value = true;
    }, WAIT_NOTICE_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p class="loading" role="status">
      {isShown.value && (
        <>
          <span class="spinner" aria-hidden="true" /> Loading {what} …
        </>
      )}
    </p>
  );
}

export interface LoadedProps<Value> {
  /** What it is, as in "Loading …" and "… could not be loaded". */
  readonly what: string;
  readonly resource: Resource<Value>;
  readonly children: (value: Value) => ComponentChildren;
}

/** What was read from the service, or how far that is; what was read before stays in sight when it fails. */
export function Loaded<Value>({ what, resource, children }: LoadedProps<Value>) {
  const state = resource.state.value;
  if (state.kind === "loading") return <Loading what={what} />;
  // What is shown keeps its place, and what was typed in it, when a later reading fails.
  return (
    <>
      {state.kind === "failed" && (
        <Failure error={state.error} title={`The ${what} could not be loaded`}>
          <Button onClick={resource.reload}>Try again</Button>
        </Failure>
      )}
      {state.value !== undefined && children(state.value)}
    </>
  );
}
