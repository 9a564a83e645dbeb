import { type ReadonlySignal, useSignal } from "@preact/signals";

/** Something that a user has begun: at most one at a time. */
export interface Task<Args extends readonly unknown[]> {
  /** Whether it goes on. */
  readonly isRunning: ReadonlySignal<boolean>;
  /** Why the last one failed. */
  readonly error: ReadonlySignal<Error | undefined>;
  /** Nothing happens while one goes on. Resolves to whether it was done. */
  readonly run: (...args: Args) => Promise<boolean>;
  /** Forgets the failure. */
  readonly clear: () => void;
}

/** What a button or a form does, with whether it goes on and why it failed. */
export function useTask<Args extends readonly unknown[]>(work: (...args: Args) => Promise<void>): Task<Args> {
  const isRunning = useSignal(false);
  const error = useSignal<Error | undefined>(undefined);
  const run = async (...args: Args): Promise<boolean> => {
    if (isRunning.value) return false;
    isRunning.value = true;
    error.value = undefined;
    try {
      await work(...args);
      return true;
    } catch (caught) {
      if (!(caught instanceof Error)) throw caught;
      error.value = caught;
      return false;
    } finally {
      isRunning.value = false;
    }
  };
  const clear = (): void => {
    error.value = undefined;
  };
  return { isRunning, error, run, clear };
}
