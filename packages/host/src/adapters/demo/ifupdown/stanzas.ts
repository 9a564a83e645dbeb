/** An `iface` stanza (interfaces(5)). */
export interface Stanza {
  readonly name: string;
  readonly family: string;
  readonly method: string;
  /** Option lines in their order: the first word and the rest. */
  readonly options: readonly (readonly [name: string, value: string])[];
}

const OTHER_STANZAS = /^(auto|allow-\S+|mapping|source|source-directory|rename|no-auto-down|no-scripts)$/;

/** The `iface` stanzas of a file. Other stanzas are passed over: files that they name are not read. */
export function parseStanzas(text: string): Stanza[] {
  const stanzas: { name: string; family: string; method: string; options: [string, string][] }[] = [];
  let isOpen = false;
  for (const line of text.replaceAll("\\\n", " ").split("\n")) {
    const [word = "", ...rest] = line.trim().split(/\s+/);
    if (word === "" || word.startsWith("#")) continue;
    const last = stanzas.at(-1);
    if (word === "iface") {
      const [name = "", family = "", method = ""] = rest;
      stanzas.push({ name, family, method, options: [] });
      isOpen = true;
    } else if (OTHER_STANZAS.test(word)) {
      isOpen = false;
    } else if (isOpen && last !== undefined) {
      last.options.push([word, rest.join(" ")]);
    }
  }
  return stanzas;
}
