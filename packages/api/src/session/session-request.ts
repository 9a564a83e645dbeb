import * as z from "zod/mini";
import { type AuthRequest, defaultDomain } from "../identity/auth-request.ts";
import { CREDENTIAL_MAX_CHARACTERS } from "../limits.ts";

const text = z.string().check(z.minLength(1), z.maxLength(CREDENTIAL_MAX_CHARACTERS));

/** Who signs in, and for which project: by its name; without it for their default one, or the first of theirs. */
export const sessionRequest = z.object({ name: text, password: text, project: z.optional(text) });

/** Which project a session is to be for from now on. */
export const projectRequest = z.object({ id: text });

/** The same as the Identity API has it. */
export function authByPassword({ name, password, project }: z.output<typeof sessionRequest>): AuthRequest {
  const user = { name, password, domain: defaultDomain };
  const scope = project === undefined ? {} : { scope: { project: { name: project, domain: defaultDomain } } };
  return { identity: { methods: ["password"], password: { user } }, ...scope };
}

/** A token of another one, for a project. */
export function authByToken(token: string, projectId: string): AuthRequest {
  return {
    identity: { methods: ["token"], token: { id: token } },
    scope: { project: { id: projectId } },
  };
}
