import * as z from "zod/mini";
import { ApiError } from "./errors.ts";

// The messages name what was expected, never what came: a value may be a password.
const { localeError } = z.locales.en();

/** What a schema makes of input from outside. Throws BAD_REQUEST that names the field. */
export function parseInput<T extends z.ZodMiniType>(schema: T, input: unknown, where: string): z.output<T> {
  const result = z.safeParse(schema, input, { error: localeError });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue === undefined || issue.path.length === 0 ? where : issue.path.join(".");
  throw new ApiError("BAD_REQUEST", `Invalid input for ${field}. ${issue?.message ?? ""}`.trim());
}
