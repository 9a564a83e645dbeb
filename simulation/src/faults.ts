import type { EventLog } from "./event-log.ts";
import type { Random } from "./random.ts";

/** Everything that goes wrong, by how often it does where it can: per packet, file operation, program or look. */
const rates = {
  agentCrash: 1 / 150,
  hostCrash: 1 / 400,
  connectionBreak: 1 / 150,
  eventLost: 1 / 20,
  lateReply: 1 / 150,
  muteGuest: 1 / 150,
  slowProgram: 1 / 4,
  programFails: 1 / 10,
  // Of each that is looked for every so often, for the guests one after the other.
  domainReboots: 1 / 8,
  domainMoves: 1 / 8,
  domainGone: 1 / 60,
  quotaFull: 1 / 6,
  diskFull: 1 / 6,
  // Of each call.
  toolstackFails: 1 / 30,
  hostileGuest: 1 / 40,
  // Of each look.
  storeRestarts: 1 / 20,
  hostStops: 1 / 20,
} as const;

/** What can go wrong in a run. */
export type FaultKind = keyof typeof rates;

export const faultKinds = Object.keys(rates) as readonly FaultKind[];

/** How often a run with a kind of fault leaves that kind out: few at a time show what each does alone. */
const LEFT_OUT = 1 / 3;

/** Decides at every wait whether something goes wrong there, and counts. */
export class Faults {
  readonly #random: Random;
  readonly #log: EventLog;
  readonly #chosen: ReadonlySet<FaultKind>;
  readonly #counts = new Map<FaultKind, number>();
  #isActive = false;

  constructor({ random, log }: { readonly random: Random; readonly log: EventLog }) {
    this.#random = random;
    this.#log = log;
    this.#chosen = new Set(faultKinds.filter(() => !random.chance(LEFT_OUT)));
    log.record(`faults ${[...this.#chosen].join(" ")}`);
  }

  /** How often each kind has struck. */
  get counts(): ReadonlyMap<FaultKind, number> {
    return this.#counts;
  }

  /** Whether faults strike at all at the moment. */
  get isActive(): boolean {
    return this.#isActive;
  }

  /** Faults strike from now on, or no more. */
  set isActive(isActive: boolean) {
    this.#isActive = isActive;
  }

  /** Whether this kind of fault strikes here and now; `where` names the place in the log. */
  strikes(kind: FaultKind, where: string): boolean {
    if (!this.#isActive || !this.#chosen.has(kind) || !this.#random.chance(rates[kind])) return false;
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
    this.#log.record(`fault ${kind} at ${where}`);
    return true;
  }
}
