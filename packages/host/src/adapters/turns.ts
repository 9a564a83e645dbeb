/** Runs `body` when all that was asked for under the same key before has ended, in whatever way. */
export type InTurn = <Result>(key: string, body: () => Promise<Result>) => Promise<Result>;

/** One thing at a time for each key, in the order of asking. */
export function inTurns(): InTurn {
  const lasts = new Map<string, Promise<unknown>>();
  return async (key, body) => {
    const before = lasts.get(key) ?? Promise.resolve();
    const own = before.then(body, body);
    lasts.set(key, own);
    try {
      return await own;
    } finally {
      if (lasts.get(key) === own) lasts.delete(key);
    }
  };
}
