import { ApiError } from "../errors.ts";
import { EVENT_STREAMS_MAX, EVENT_STREAMS_PER_SESSION_MAX } from "../limits.ts";

/** How many follow the changes at one time, in all and of each session. */
export class StreamPlaces {
  readonly #bySession = new Map<string, number>();
  #count = 0;

  /**
   * Takes a place, and returns what gives it back, to be called once. Throws TOO_MANY_REQUESTS when the
   * session has all of its own, UNAVAILABLE when there is none left for anybody.
   */
  take(session: string): () => void {
    const own = this.#bySession.get(session) ?? 0;
    if (own >= EVENT_STREAMS_PER_SESSION_MAX) {
      throw new ApiError("TOO_MANY_REQUESTS", `One session follows at most ${own} streams of events`);
    }
    if (this.#count >= EVENT_STREAMS_MAX) {
      throw new ApiError("UNAVAILABLE", "Too many follow the events; try again later");
    }
    this.#count += 1;
    this.#bySession.set(session, own + 1);
    return () => this.#giveBack(session);
  }

  #giveBack(session: string): void {
    this.#count -= 1;
    const left = (this.#bySession.get(session) ?? 0) - 1;
    if (left > 0) this.#bySession.set(session, left);
    else this.#bySession.delete(session);
  }
}
