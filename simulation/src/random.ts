/**
 * Randomness that a seed decides: the generator sfc32 (Chris Doty-Humphrey, PractRand), 128 bits of state,
 * all in 32-bit integers, so that every machine draws the same.
 */
export class Random {
  readonly #state: Uint32Array;

  /** `seed` counts modulo 2^32. */
  constructor(seed: number) {
    this.#state = Uint32Array.of(0x9e3779b9, 0x243f6a88, seed, 1);
    // Until every bit of the seed has reached the whole state.
    for (let round = 0; round < 16; round += 1) this.next();
  }

  /** An integer from 0 up to 2^32, without that. */
  next(): number {
    const [a = 0, b = 0, c = 0, counter = 0] = this.#state;
    const drawn = (a + b + counter) >>> 0;
    this.#state[3] = counter + 1;
    this.#state[0] = b ^ (b >>> 9);
    this.#state[1] = c + (c << 3);
    this.#state[2] = ((c << 21) | (c >>> 11)) + drawn;
    return drawn;
  }

  /** An integer from 0 up to `limit`, without that. */
  below(limit: number): number {
    return Math.floor((this.next() / 2 ** 32) * limit);
  }

  /** An integer from `low` up to and with `high`. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True once in 1 / `probability` calls. */
  chance(probability: number): boolean {
    return this.next() < probability * 2 ** 32;
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError("Nothing to pick from");
    return item;
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.below(256));
  }

  /** A UUID of version 4 (RFC 9562). */
  uuid(): string {
    const digits = Buffer.from(this.bytes(16)).toString("hex");
    const groups = [
      digits.slice(0, 8),
      digits.slice(8, 12),
      `4${digits.slice(13, 16)}`,
      `8${digits.slice(17, 20)}`,
    ];
    return [...groups, digits.slice(20)].join("-");
  }

  /** A stream of its own, which what is drawn here afterwards does not shift. */
  fork(): Random {
    return new Random(this.next());
  }
}
