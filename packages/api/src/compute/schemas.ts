import { Secret } from "@nova-agent/host";
import * as z from "zod/mini";
import {
  ID_MAX_CHARACTERS,
  METADATA_ITEMS_MAX,
  METADATA_MAX_CHARACTERS,
  NAME_MAX_CHARACTERS,
  PASSWORD_MAX_CHARACTERS,
} from "./limits.ts";

/** A password. From here on it is bytes that can be wiped. */
export const secretText = z.pipe(
  z.string().check(z.maxLength(PASSWORD_MAX_CHARACTERS)),
  z.transform((text) => new Secret(new TextEncoder().encode(text))),
);

/** What a user calls something: printable, and without space at either end (nova, parameter_types.name). */
export const displayName = z
  .string()
  .check(
    z.minLength(1),
    z.maxLength(NAME_MAX_CHARACTERS),
    z.regex(/^[^\p{C}\p{Z}](?:[^\p{C}]*[^\p{C}\p{Z}])?$/u, "Must be printable, without space at either end"),
  );

/** The id of something; what it is not is found out by who looks for it. */
export const id = z.string().check(z.minLength(1), z.maxLength(ID_MAX_CHARACTERS));

/** A value of the metadata. */
export const metadataValue = z.string().check(z.maxLength(METADATA_MAX_CHARACTERS));

/** Text by key (nova, parameter_types.metadata). */
export const metadata = z
  .record(z.string().check(z.regex(/^[a-zA-Z0-9\-_:. ]{1,255}$/)), metadataValue)
  .check(
    z.refine((items) => Object.keys(items).length <= METADATA_ITEMS_MAX, {
      error: `Expected no more than ${METADATA_ITEMS_MAX} items`,
    }),
  );

/** A parameter of a query that may be given several times. */
export const texts = z.pipe(
  z.union([z.string(), z.array(z.string())]),
  z.transform((values) => [values].flat()),
);

/** A parameter of a query of which the last one counts. */
export const lastText = z.pipe(
  z.union([z.string(), z.array(z.string())]),
  z.transform((values) => [values].flat().at(-1) ?? ""),
);

/** A whole number in a query. */
export const count = z.pipe(
  lastText,
  z.pipe(z.string().check(z.regex(/^\d{1,9}$/, "Must be a whole number")), z.transform(Number)),
);

/** Yes or no, as Python's clients write it (oslo.utils, strutils.bool_from_string). */
export const flag = z.pipe(
  lastText,
  z.transform((text) => ["1", "t", "true", "on", "y", "yes"].includes(text.trim().toLowerCase())),
);

/** The value of an action that takes nothing: null, or an object that nobody reads. */
export const nothing = z.nullable(z.looseObject({}));
