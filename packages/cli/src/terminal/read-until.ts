import type { CancelSignal } from "@nova-agent/host";
import { interruptedError } from "../errors.ts";
import type { ByteSource } from "./terminal.ts";

/**
 * Gives `take` what comes in until it says that it has enough, which is true, or until the input ends,
 * which is false. Throws INTERRUPTED at a signal, and what `take` throws.
 */
export async function readUntil(
  input: ByteSource,
  { signal, take }: { readonly signal: CancelSignal; readonly take: (bytes: Uint8Array) => boolean },
): Promise<boolean> {
  if (signal.aborted) throw interruptedError();
  const ends: (() => void)[] = [];
  try {
    return await new Promise<boolean>((resolve, reject) => {
      const interrupt = (): void => reject(interruptedError());
      signal.addEventListener("abort", interrupt, { once: true });
      ends.push(() => signal.removeEventListener("abort", interrupt));
      const stop = input.listen({
        receive: (bytes) => {
          try {
            if (take(bytes)) resolve(true);
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        },
        ended: () => resolve(false),
        failed: reject,
      });
      ends.push(stop);
    });
  } finally {
    for (const end of ends) end();
  }
}
