/** What has been started and has to be ended again, the last first. */
export class Closers {
  readonly #closers: (() => Promise<void>)[] = [];

  /** Adds what ends something that has just been started. */
  add(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  /** Ends everything, also when the end of something fails; rethrows the first failure. Safe to call twice. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (let close = this.#closers.pop(); close !== undefined; close = this.#closers.pop()) {
      await close().catch((error: unknown) => void failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }
}
