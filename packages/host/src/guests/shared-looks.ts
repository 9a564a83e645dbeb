/**
 * Looks at something, for however many ask at once: one at a time for each key, and one behind it for all
 * who have come meanwhile. Nobody is told what was there before they asked.
 */
export class SharedLooks<Seen> {
  readonly #running = new Map<string, Promise<Seen>>();
  readonly #next = new Map<string, Promise<Seen>>();

  /** Rejects as the look does that the caller has a part in. */
  async look(key: string, read: () => Promise<Seen>): Promise<Seen> {
    const next = this.#next.get(key);
    if (next !== undefined) return next;
    const running = this.#running.get(key);
    if (running === undefined) return this.#begin(key, read);
    const begin = (): Promise<Seen> => {
      this.#next.delete(key);
      return this.#begin(key, read);
    };
    const behind = running.then(begin, begin);
    this.#next.set(key, behind);
    return behind;
  }

  #begin(key: string, read: () => Promise<Seen>): Promise<Seen> {
    const running = read().finally(() => this.#running.delete(key));
    this.#running.set(key, running);
    return running;
  }
}
