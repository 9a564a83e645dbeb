import { ApiError } from "../errors.ts";
import { EVENT_STREAMS_MAX, EVENT_STREAMS_PER_SESSION_MAX, EVENT_STREAMS_PER_USER_MAX } from "../limits.ts";

/** Who follows the changes. */
export interface Follower {
  readonly userId: string;
  /** Their token. */
  readonly session: string;
}

/** How many follow the changes at one time: in all, of each user and of each session. */
export class StreamPlaces {
  readonly #bySession = new Map<string, number>();
  readonly #byUser = new Map<string, number>();
  #count = 0;

  /**
   * Takes a place, and returns what gives it back, to be called once. Throws TOO_MANY_REQUESTS when the
   * session or the user has all of its own, UNAVAILABLE when there is none left for anybody.
   */
  take({ userId, session }: Follower): () => void {
    const own = this.#bySession.get(session) ?? 0;
    if (own >= EVENT_STREAMS_PER_SESSION_MAX) {
      throw new ApiError("TOO_MANY_REQUESTS", `One session follows at most ${own} streams of events`);
    }
    const all = this.#byUser.get(userId) ?? 0;
    // Or somebody with many sessions would take the places of all others.
    if (all >= EVENT_STREAMS_PER_USER_MAX) {
      throw new ApiError("TOO_MANY_REQUESTS", `One user follows at most ${all} streams of events`);
    }
    if (this.#count >= EVENT_STREAMS_MAX) {
      throw new ApiError("UNAVAILABLE", "Too many follow the events; try again later");
    }
    this.#count += 1;
    this.#bySession.set(session, own + 1);
    this.#byUser.set(userId, all + 1);
    return () => {
      this.#count -= 1;
      giveBack(this.#bySession, session);
      giveBack(this.#byUser, userId);
    };
  }
}

function giveBack(counts: Map<string, number>, key: string): void {
  const left = (counts.get(key) ?? 0) - 1;
  if (left > 0) counts.set(key, left);
  else counts.delete(key);
}
