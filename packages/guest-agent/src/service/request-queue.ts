import { REQUESTS_QUEUED_MAX } from "../limits.ts";

/** What the agent does next: serve one request, or look which ones there are. */
export type Task = { readonly kind: "request"; readonly requestId: string } | { readonly kind: "listing" };

/**
 * The requests that are known and not yet served, each once, in the order in which they came. Its
 * length is bounded: what does not fit is found by a listing when the queue is empty again, and until
 * then later requests wait for the listing too, so that nobody overtakes.
 */
export class RequestQueue {
  readonly #requestIds = new Set<string>();
  #isListingDue = false;
  /** Some were turned away and are found by the listing that is due. */
  #hasOverflowed = false;
  #isClosed = false;
  #wake: () => void = () => {};

  get isEmpty(): boolean {
    return this.#requestIds.size === 0 && !this.#isListingDue;
  }

  add(requestId: string): void {
    if (this.#requestIds.size >= REQUESTS_QUEUED_MAX) {
      this.#hasOverflowed = true;
      this.#isListingDue = true;
    }
    if (!this.#hasOverflowed) this.#requestIds.add(requestId);
    this.#wake();
  }

  /** Asks for a look at what is there; asking twice is asking once. */
  addListing(): void {
    this.#isListingDue = true;
    this.#wake();
  }

  /** The next task, when there is one; undefined after the end, whatever is left. One caller at a time. */
  async take(): Promise<Task | undefined> {
    while (!this.#isClosed && this.isEmpty) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#isClosed) return undefined;
    const [requestId] = this.#requestIds;
    if (requestId === undefined) {
      this.#isListingDue = false;
      this.#hasOverflowed = false;
      return { kind: "listing" };
    }
    this.#requestIds.delete(requestId);
    return { kind: "request", requestId };
  }

  close(): void {
    this.#isClosed = true;
    this.#wake();
  }
}
