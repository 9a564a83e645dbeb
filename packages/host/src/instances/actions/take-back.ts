import { HostError } from "../../errors.ts";
import { messageOf } from "../action.ts";

/** Remembers how to take back what has been done so far. */
export type OnFailure = (what: string, takeBack: () => Promise<void>) => void;

/**
 * Runs `body`; when it fails, what it has done is taken back, the last first. What could not be taken
 * back is named in the error.
 */
export async function orTakeBack<Result>(body: (onFailure: OnFailure) => Promise<Result>): Promise<Result> {
  const done: { readonly what: string; readonly takeBack: () => Promise<void> }[] = [];
  try {
    return await body((what, takeBack) => done.push({ what, takeBack }));
  } catch (error) {
    const left: string[] = [];
    for (const { what, takeBack } of done.toReversed()) {
      try {
        await takeBack();
      } catch (backError) {
        left.push(`${what} (${messageOf(backError)})`);
      }
    }
    if (left.length === 0 || !(error instanceof HostError)) throw error;
    const text = `${error.message}. Could not be taken back: ${left.join(", ")}`;
    throw new HostError(error.code, text, { ...error.facts, cause: error });
  }
}
