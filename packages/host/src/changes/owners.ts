import { OWNERS_REMEMBERED_MAX } from "../limits.ts";

/** Whose something is, by its id, where that never changes: looked up once, and the oldest are forgotten. */
export class Owners<Owner> {
  readonly #known = new Map<string, Owner>();
  readonly #find: (id: string) => Promise<Owner | undefined>;

  constructor(find: (id: string) => Promise<Owner | undefined>) {
    this.#find = find;
  }

  remember(id: string, owner: Owner): void {
    this.#known.set(id, owner);
    if (this.#known.size <= OWNERS_REMEMBERED_MAX) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }

  /** Undefined when there is no such thing; throws what the look-up throws. */
  async of(id: string): Promise<Owner | undefined> {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const owner = await this.#find(id);
    if (owner !== undefined) this.remember(id, owner);
    return owner;
  }
}
