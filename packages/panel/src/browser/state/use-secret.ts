import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

/** A secret in memory alone: it is forgotten with the component, and when the page is left. */
export function useSecret(): Signal<string> {
  const secret = useSignal("");
  useEffect(() => {
    const forget = (): void => {
      secret.value = "";
    };
    // A browser may keep a page that was left, to come back to.
    addEventListener("pagehide", forget);
    return () => {
      removeEventListener("pagehide", forget);
      forget();
    };
  }, []);
  return secret;
}
