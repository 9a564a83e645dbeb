import * as fc from "fast-check";

/** As much of JSON Schema as the API's own document has. */
export interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
}

/** Text of every kind that the API takes somewhere, and what programs stumble over. */
const telling = [
  "",
  "\0",
  "__proto__",
  "-1",
  "4294967296",
  "192.0.2.9",
  "2001:db8::9",
  "2026-01-02T00:00:00",
  "aGVsbG8=",
  "SOFT",
  "reader",
  "ssh",
  "\uD800",
  "9".repeat(400),
];

/**
 * Values that a schema allows, as far as it is about shapes: texts are any, among them those of `known`, and
 * now and then something stands where nothing of its kind belongs.
 */
export function arbitraryOf(schema: Schema, known: readonly string[]): fc.Arbitrary<unknown> {
  const wanted = arbitraryOfKind(schema, known);
  return fc.oneof({ weight: 30, arbitrary: wanted }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 1 }) });
}

function arbitraryOfKind(schema: Schema, known: readonly string[]): fc.Arbitrary<unknown> {
  if ("const" in schema) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((one) => arbitraryOf(one, known)));
  switch (schema.type) {
    case "string":
      return textOf(known);
    case "integer":
      return fc.oneof(fc.integer({ min: -1, max: 30 }), fc.integer());
    case "number":
      return fc.oneof(fc.integer({ min: 0, max: 3 }), fc.double());
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      return fc.array(arbitraryOf(schema.items ?? {}, known), { maxLength: 3 });
    case "object":
      return objectOf(schema, known);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

/** A text; of those in `known` more often than of others. */
export function textOf(known: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom(...known),
    fc.constantFrom(...known, ...telling),
    fc.string({ unit: "binary", maxLength: 12 }),
  );
}

function objectOf(schema: Schema, known: readonly string[]): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties } = schema;
  const entries = Object.entries(properties).map(([name, one]) => {
    const value = arbitraryOf(one, known);
    return [name, required.includes(name) ? value : fc.option(value, { nil: undefined })] as const;
  });
  const own = fc.record(Object.fromEntries(entries));
  if (typeof additionalProperties !== "object") return own;
  const others = fc.dictionary(fc.string({ maxLength: 5 }), arbitraryOf(additionalProperties, known), {
    maxKeys: 3,
  });
  return fc.tuple(own, others).map(([mine, more]) => ({ ...more, ...mine }));
}
