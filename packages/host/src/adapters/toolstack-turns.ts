import { HostError } from "../errors.ts";
import { isUuid } from "./uuid.ts";

/** What every toolstack does around its work on one instance. */
export type ToolstackTurn = <Result>(uuid: string, body: () => Promise<Result>) => Promise<Result>;

/**
 * One thing at a time for each instance, in the order of asking. What is no UUID is refused, because it
 * names files and nodes; what fails is told as TOOLSTACK_FAILED.
 */
export function toolstackTurns(): ToolstackTurn {
  const lasts = new Map<string, Promise<unknown>>();
  return async (uuid, body) => {
    if (!isUuid(uuid)) throw toolstackFailed(`"${uuid}" is no UUID`);
    const before = lasts.get(uuid) ?? Promise.resolve();
    const own = before.then(body, body);
    lasts.set(uuid, own);
    try {
      return await own;
    } catch (error) {
      if (error instanceof HostError) throw error;
      throw toolstackFailed(error instanceof Error ? error.message : String(error), error);
    } finally {
      if (lasts.get(uuid) === own) lasts.delete(uuid);
    }
  };
}

/** TOOLSTACK_FAILED with the reason in words. */
export function toolstackFailed(message: string, cause?: unknown): HostError {
  return new HostError("TOOLSTACK_FAILED", message, cause === undefined ? {} : { cause });
}
