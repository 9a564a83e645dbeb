/** Decides when a socket writes what was sent on it: calls `write` once, at once or later. */
export type WriteSchedule = (write: () => void) => void;

/**
 * Of a client: at the end of the tick. A tick that was begun inside a promise ends after all promises,
 * so that replies to a whole batch of requests, and the requests they set off, leave in one write.
 */
export function atEndOfTick(write: () => void): void {
  process.nextTick(write);
}

/** After how many writes it is looked at how many connections are busy at once. */
const WRITES_BETWEEN_PROBES = 32;

/** With how many writes in one turn of the event loop these are kept together. */
const BUSY_WRITES = 4;

/** After how many turns with one write alone they are not kept any more. */
const LONELY_TURNS = 8;

/**
 * Of a server, shared by all its sockets. With one busy client a reply is written at once, for it waits
 * for nothing else. With many, all that came in one turn of the event loop is answered before anything is
 * written: a write wakes its client, which on a busy machine then runs instead of the server.
 */
export function createServerSchedule(): WriteSchedule {
  let kept: (() => void)[] | undefined;
  let writes = 0;
  let isProbing = false;
  let lonelyTurns = 0;
  const writeAll = (): void => {
    const all = kept ?? [];
    lonelyTurns = all.length > 1 ? 0 : lonelyTurns + 1;
    kept = lonelyTurns < LONELY_TURNS ? [] : undefined;
    for (const write of all) write();
  };
  const endProbe = (): void => {
    isProbing = false;
    if (writes >= BUSY_WRITES) kept = [];
    lonelyTurns = 0;
    writes = 0;
  };
  return (write) => {
    if (kept !== undefined) {
      if (kept.push(write) === 1) setImmediate(writeAll);
      return;
    }
    write();
    writes += 1;
    if (isProbing || writes < WRITES_BETWEEN_PROBES) return;
    isProbing = true;
    writes = 0;
    setImmediate(endProbe);
  };
}
