import { CHANGES_KEPT_MAX } from "../limits.ts";

/** That something has changed. It says no more: whoever wants to know what it is now, reads it. */
export interface Change {
  /** `instance` also stands for its cards. */
  readonly kind: "instance" | "operation" | "action";
  readonly instanceId: string;
  /** The instance's. */
  readonly projectId: string;
  /** Of the instance, of the operation, or of the action's request. */
  readonly id: string;
}

/** A change with its place in the feed: the feed's epoch, `-`, and a number that grows by one. */
export interface PublishedChange extends Change {
  readonly position: string;
}

export interface Subscription {
  /** Where the feed was when it began. */
  readonly position: string;
  /** What was published since the position that was asked for; undefined when that is not known any more. */
  readonly missed: readonly PublishedChange[] | undefined;
  /** The listener hears of nothing more. Safe to call twice. */
  close(): void;
}

export interface ChangeFeedOptions {
  /** Another one in every process: positions of a feed before this one are not resumed. */
  readonly epoch: string;
  /** How many changes are kept for those who come back; `CHANGES_KEPT_MAX` without it. */
  readonly keptMax?: number | undefined;
}

/** What has changed, in order, for those who listen, and for a while for those who were away. */
export class ChangeFeed {
  readonly #epoch: string;
  readonly #keptMax: number;
  readonly #listeners = new Set<(change: PublishedChange) => void>();
  #kept: PublishedChange[] = [];
  #number = 0;

  constructor({ epoch, keptMax = CHANGES_KEPT_MAX }: ChangeFeedOptions) {
    this.#epoch = epoch;
    this.#keptMax = keptMax;
  }

  publish(change: Change): void {
    this.#number += 1;
    const published = { ...change, position: this.#positionAt(this.#number) };
    this.#kept.push(published);
    if (this.#kept.length > this.#keptMax) this.#kept.shift();
    for (const listener of this.#listeners) listener(published);
  }

  /** Has the listener called from now on with each change, in order; it must not throw. */
  subscribe(
    listener: (change: PublishedChange) => void,
    { after }: { readonly after?: string | undefined } = {},
  ): Subscription {
    // The same function may listen twice.
    const own = (change: PublishedChange): void => listener(change);
    this.#listeners.add(own);
    return {
      position: this.#positionAt(this.#number),
      missed: after === undefined ? [] : this.#since(after),
      close: () => void this.#listeners.delete(own),
    };
  }

  /** How many listen. */
  get listenerCount(): number {
    return this.#listeners.size;
  }

  #since(position: string): readonly PublishedChange[] | undefined {
    const prefix = `${this.#epoch}-`;
    const number = position.slice(prefix.length);
    if (!position.startsWith(prefix) || !/^\d{1,15}$/.test(number)) return undefined;
    const count = this.#number - Number(number);
    if (count < 0 || count > this.#kept.length) return undefined;
    return this.#kept.slice(this.#kept.length - count);
  }

  #positionAt(number: number): string {
    return `${this.#epoch}-${number}`;
  }
}
