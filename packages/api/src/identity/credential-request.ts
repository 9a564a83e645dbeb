import type { Role } from "@nova-agent/host";
import * as z from "zod/mini";
import { ApiError } from "../errors.ts";
import { CREDENTIAL_MAX_CHARACTERS, SECRET_MIN_CHARACTERS } from "../limits.ts";

const NAME_MAX_CHARACTERS = 255;

const role = z.enum(["admin", "member", "reader"]) satisfies z.ZodMiniType<Role>;

/** Ids and names of roles are the same here. */
const roleReference = z.pipe(
  z.union([z.object({ id: role }), z.object({ name: role })]),
  z.transform((reference) => ("id" in reference ? reference.id : reference.name)),
);

/** What a new application credential is to be (keystone api-ref, "Create application credential"). */
export const credentialRequest = z.object({
  application_credential: z.object({
    name: z.string().check(z.minLength(1), z.maxLength(NAME_MAX_CHARACTERS)),
    secret: z.optional(
      z.nullable(
        z.string().check(z.minLength(SECRET_MIN_CHARACTERS), z.maxLength(CREDENTIAL_MAX_CHARACTERS)),
      ),
    ),
    description: z.optional(z.nullable(z.string().check(z.maxLength(NAME_MAX_CHARACTERS)))),
    expires_at: z.optional(z.nullable(z.string())),
    roles: z.optional(z.nullable(z.array(roleReference).check(z.maxLength(8)))),
    // What is not offered is refused where leaving it out would be a lie.
    unrestricted: z.optional(z.nullable(z.literal(false))),
    access_rules: z.optional(z.nullable(z.array(z.unknown()).check(z.maxLength(0)))),
  }),
});

/** A time without a zone, which is UTC, or with its `Z`. Throws BAD_REQUEST, also for one that has passed. */
export function parseExpiry(text: string, now: Date): Date {
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z?$/.test(text);
  const time = new Date(isTime && !text.endsWith("Z") ? `${text}Z` : text);
  if (!isTime || Number.isNaN(time.getTime())) {
    const words = "Invalid input for expires_at. Expected a time such as 2026-01-31T12:00:00";
    throw new ApiError("BAD_REQUEST", words);
  }
  if (time.getTime() > now.getTime()) return time;
  throw new ApiError("BAD_REQUEST", "Invalid input for expires_at. The time has passed");
}
