/** A text with values in the place of `{name}`; throws when one is missing or is not used. */
export function fillIn(template: string, values: Readonly<Record<string, string>>): string {
  const unused = new Set(Object.keys(values));
  const text = template.replaceAll(/(?<![%$])\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`Nothing is known for {${name}}`);
    unused.delete(name);
    return value;
  });
  if (unused.size > 0) throw new Error(`No place for ${[...unused].join(", ")}`);
  return text;
}
