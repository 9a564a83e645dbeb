/** What an option was given: a text, a number, or the texts of a list. */
export type OptionValue = string | number | readonly string[];

/** The arguments and options that a command was given. */
export class Given {
  readonly #words: ReadonlyMap<string, string>;
  readonly #options: ReadonlyMap<string, OptionValue>;

  /** By name; the value of a flag is empty. */
  constructor(words: ReadonlyMap<string, string>, options: ReadonlyMap<string, OptionValue>) {
    this.#words = words;
    this.#options = options;
  }

  /** An argument that the command has. */
  word(name: string): string {
    const word = this.#words.get(name);
    if (word === undefined) throw new RangeError(`The command has no argument "${name}"`);
    return word;
  }

  has(option: string): boolean {
    return this.#options.has(option);
  }

  /** The text of an option; undefined when it was not given. */
  text(option: string): string | undefined {
    const value = this.#options.get(option);
    return typeof value === "string" ? value : undefined;
  }

  /** The texts of an option that is a list, in their order. */
  texts(option: string): readonly string[] {
    const value = this.#options.get(option);
    return typeof value === "object" ? value : [];
  }

  /** The number of an option that is one; undefined when it was not given. */
  number(option: string): number | undefined {
    const value = this.#options.get(option);
    return typeof value === "number" ? value : undefined;
  }
}
