import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { COPIED_MS } from "../limits.ts";

export interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for those who do not see it, such as "password". */
  readonly what: string;
}

/** Puts a text on the clipboard, and says so. */
export function CopyButton({ text, what }: CopyButtonProps) {
  const outcome = useSignal<"" | "Copied" | "Not copied: mark it and copy it by hand">("");
  useEffect(() => {
    if (outcome.value === "") return undefined;
    const timer = setTimeout(() => {
      outcome.value = "";
    }, COPIED_MS);
    return () => clearTimeout(timer);
  }, [outcome.value]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      outcome.value = "Copied";
    } catch {
      outcome.value = "Not copied: mark it and copy it by hand";
    }
  };
  return (
    <span class="copy">
      <button type="button" class="button button-quiet" onClick={() => void copy()}>
        Copy<span class="visually-hidden"> {what}</span>
      </button>
      <span class="copy-outcome" role="status">
        {outcome.value}
      </span>
    </span>
  );
}

/** A text to be taken along, such as an address. */
export function Copyable({ text, what }: CopyButtonProps) {
  return (
    <span class="copyable">
      <code>{text}</code> <CopyButton text={text} what={what} />
    </span>
  );
}

/** Commands for a terminal. */
export function Commands({ text, what }: CopyButtonProps) {
  return (
    <div class="commands">
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
      <CopyButton text={text} what={what} />
    </div>
  );
}
