/**
 * Things that happened and were not looked at yet, each kind once: whoever waits looks at the state of
 * the world afterwards, so ten events of one kind are as good as one. Bounded by the number of kinds.
 */
export class EventBell<Kind extends string> {
  readonly #rung = new Set<Kind>();
  #failure: { readonly reason: unknown } | undefined;
  #wake: (() => void) | undefined;

  ring(kind: Kind): void {
    this.#rung.add(kind);
    this.#wake?.();
  }

  /** Makes `next` reject with `reason`, once what was rung before has been handed out. */
  fail(reason: unknown): void {
    this.#failure ??= { reason };
    this.#wake?.();
  }

  /** The kinds rung since the last call, at least one, in the order in which they were first rung. */
  async next(): Promise<readonly Kind[]> {
    while (this.#rung.size === 0) {
      if (this.#failure !== undefined) throw this.#failure.reason;
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await woken;
    }
    const kinds = [...this.#rung];
    this.#rung.clear();
    return kinds;
  }
}
