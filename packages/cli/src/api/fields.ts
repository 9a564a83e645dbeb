import { CliError } from "../errors.ts";

/** An object of an answer. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The text in a field. Throws API_REFUSED when there is none. */
export function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === "string") return value;
  throw missing(name);
}

/** The object in a field. Throws API_REFUSED when there is none. */
export function fieldsOf(fields: Fields, name: string): Fields {
  const value = fields[name];
  if (isFields(value)) return value;
  throw missing(name);
}

/** The objects in a field that is a list. Throws API_REFUSED when it is none. */
export function listOf(fields: Fields, name: string): readonly Fields[] {
  const value = fields[name];
  if (Array.isArray(value) && value.every(isFields)) return value;
  throw missing(name);
}

function missing(name: string): CliError {
  return new CliError("API_REFUSED", `The API's answer has no "${name}" of the right kind`);
}
