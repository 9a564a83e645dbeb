import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { Button } from "../components/button.tsx";
import { Loading } from "../components/loading.tsx";
import { Failure } from "../components/notice.tsx";
import { Page } from "../components/page.tsx";

export interface DeferredProps<Props> {
  readonly what: string;
  readonly load: () => Promise<ComponentType<Props>>;
  readonly props: Props;
}

/** A component whose code comes when it is needed. */
export function Deferred<Props extends object>({ what, load, props }: DeferredProps<Props>) {
  const loaded = useSignal<{ readonly Component: ComponentType<Props> } | undefined>(undefined);
  const error = useSignal<Error | undefined>(undefined);
  const begin = async (): Promise<void> => {
    error.value = undefined;
    try {
      loaded.value = { Component: await load() };
    } catch (cause) {
      error.value = new Error("This part of the panel did not come. The service may have been updated", {
        cause,
      });
    }
  };
  useEffect(() => void begin(), []);
  if (error.value !== undefined) {
    return (
      <Page title="Something is missing">
        <Failure error={error.value} title={`The ${what} could not be loaded`}>
          <Button onClick={() => location.reload()}>Load the panel anew</Button>
        </Failure>
      </Page>
    );
  }
  if (loaded.value === undefined) return <Loading what={what} />;
  const { Component } = loaded.value;
  return <Component {...props} />;
}
