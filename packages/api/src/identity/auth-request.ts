import * as z from "zod/mini";
import { CREDENTIAL_MAX_CHARACTERS } from "../limits.ts";

const text = z.string().check(z.maxLength(CREDENTIAL_MAX_CHARACTERS));
const domain = z.object({ id: z.optional(text), name: z.optional(text) });
const named = z.object({ name: text, domain: z.optional(domain) });
const identified = z.object({ id: text });
const who = z.union([identified, named]);

const password = z.object({
  user: z.union([z.extend(identified, { password: text }), z.extend(named, { password: text })]),
});
const credential = z.union([
  z.object({ id: text, secret: text }),
  z.object({ name: text, secret: text, user: who }),
]);

/** How to authenticate, and for what (keystone api-ref, "Password authentication with scoped authorization"). */
export const authRequest = z.object({
  auth: z.object({
    identity: z.object({
      methods: z.array(z.string()).check(z.minLength(1), z.maxLength(8)),
      password: z.optional(password),
      token: z.optional(identified),
      application_credential: z.optional(credential),
    }),
    scope: z.optional(
      z.union([
        z.literal("unscoped"),
        z.object({ project: who }),
        z.object({ unscoped: z.record(z.string(), z.unknown()) }),
        z.object({ domain }),
        z.object({ system: z.unknown() }),
      ]),
    ),
  }),
});

export type AuthRequest = z.output<typeof authRequest>["auth"];
export type Named = z.output<typeof who>;

/** The id and name of the one domain that there is. */
export const defaultDomain = { id: "default", name: "Default" } as const;

/** Whether it is in the one domain that there is; clients give its id, its name or nothing. */
export function isInDefaultDomain(
  domain: { readonly id?: string | undefined; readonly name?: string | undefined } = {},
): boolean {
  const isId = domain.id === undefined || domain.id === defaultDomain.id;
  return isId && (domain.name === undefined || domain.name.toLowerCase() === "default");
}
