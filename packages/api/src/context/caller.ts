import type { IdentityRepository, Requester, Role, TokenScope } from "@nova-agent/host";
import { ApiError } from "../errors.ts";
import { TOKEN_MAX_CHARACTERS } from "../limits.ts";
import type { Reach } from "./reach.ts";
import { readSessionCookie } from "./session-cookie.ts";

/** Whose token came with a request. */
export interface Caller {
  readonly token: string;
  readonly scope: TokenScope;
  /** Whether it came in the cookie of a session. */
  readonly hasSession: boolean;
}

const ranks: Readonly<Record<Role, number>> = { reader: 0, member: 1, admin: 2 };

/**
 * The owner of the token in `X-Auth-Token`, or without that header in a session's cookie; undefined without
 * a valid one.
 */
export async function findCaller(
  identity: Pick<IdentityRepository, "findToken">,
  headers: Headers,
  reach: Pick<Reach, "isSecure">,
): Promise<Caller | undefined> {
  const named = headers.get("x-auth-token");
  const token = named ?? readSessionCookie(headers, reach) ?? "";
  if (token === "" || token.length > TOKEN_MAX_CHARACTERS) return undefined;
  const scope = await identity.findToken(token);
  return scope === undefined ? undefined : { token, scope, hasSession: named === null };
}

/** Throws UNAUTHORIZED without a valid token. */
export function requireCaller(caller: Caller | undefined): Caller {
  if (caller !== undefined) return caller;
  throw new ApiError("UNAUTHORIZED", "The request you have made requires authentication.");
}

/** Whether who has these roles may do what this one may: members may look, and administrators do all. */
export function includesRole(roles: readonly Role[], role: Role): boolean {
  return roles.some((own) => ranks[own] >= ranks[role]);
}

/** Throws FORBIDDEN unless the token is for a project in which its owner has this role, or a higher one. */
export function requireRole({ scope }: Caller, role: Role, requestId: string): Requester {
  if (scope.project === undefined) {
    throw new ApiError("FORBIDDEN", "The token is for no project; ask for one that is");
  }
  if (!includesRole(scope.roles, role)) {
    throw new ApiError("FORBIDDEN", `This needs the role ${role} in the project ${scope.project.name}`);
  }
  return { userId: scope.user.id, projectId: scope.project.id, roles: scope.roles, requestId };
}
