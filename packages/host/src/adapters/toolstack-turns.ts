import { HostError } from "../errors.ts";
import { isUuid } from "./uuid.ts";

/** What every toolstack does around its work on one instance. */
export class ToolstackTurns {
  readonly #lasts = new Map<string, Promise<unknown>>();

  /**
   * One thing at a time for each instance, in the order of asking. What is no UUID is refused, because it
   * names files and nodes; what fails is told as TOOLSTACK_FAILED.
   */
  async run<Result>(uuid: string, body: () => Promise<Result>): Promise<Result> {
    if (!isUuid(uuid)) throw toolstackFailed(`"${uuid}" is no UUID`);
    const before = this.#lasts.get(uuid) ?? Promise.resolve();
    const own = before.then(body, body);
    this.#lasts.set(uuid, own);
    try {
      return await own;
    } catch (error) {
      if (error instanceof HostError) throw error;
      throw toolstackFailed(error instanceof Error ? error.message : String(error), error);
    } finally {
      if (this.#lasts.get(uuid) === own) this.#lasts.delete(uuid);
    }
  }

  /** Resolves when nothing is under way that was asked for until now. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#lasts.values());
  }
}

/** TOOLSTACK_FAILED with the reason in words. */
export function toolstackFailed(message: string, cause?: unknown): HostError {
  return new HostError("TOOLSTACK_FAILED", message, cause === undefined ? {} : { cause });
}
