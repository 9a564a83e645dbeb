import { randomBytes } from "node:crypto";
import type { ApplicationCredential, IdentityRepository, Role, TokenScope } from "@nova-agent/host";
import * as z from "zod/mini";
import { includesRole } from "../context/caller.ts";
import { ApiError } from "../errors.ts";
import { CREDENTIALS_PER_USER_MAX, SECRET_BYTES } from "../limits.ts";
import { recordChange } from "../record-change.ts";
import { type Route, route, tokenRoute } from "../route.ts";
import { isOfCredential } from "./authenticate.ts";
import { credentialRequest, parseExpiry } from "./credential-request.ts";
import type { IdentityOptions } from "./identity-options.ts";
import { requireOwn } from "./require-own.ts";
import { viewCredential, viewListLinks } from "./views.ts";

const path = "/v3/users/:id/application_credentials";

/**
 * Secrets that users make for their programs, in place of their passwords: for one project, with no more
 * roles than their own (keystone api-ref, "Application Credentials").
 */
export function credentialRoutes(options: IdentityOptions): readonly Route[] {
  return [
    listCredentials(options),
    showCredential(options),
    createCredential(options),
    deleteCredential(options),
  ];
}

function listCredentials({ identity }: IdentityOptions): Route {
  return tokenRoute({
    name: "listApplicationCredentials",
    method: "GET",
    path,
    summary: "List one's application credentials",
    query: z.object({ name: z.optional(z.string()) }),
    handle: async ({ caller: { scope }, params, query: { name }, serviceUrl }) => {
      requireOwn(scope.user.id, params.id);
      const all = await identity.credentials(scope.user.id);
      const found = all.filter((credential) => name === undefined || credential.name === name);
      const links = viewListLinks(`${serviceUrl}/v3/users/${scope.user.id}/application_credentials`);
      const views = found.map((credential) => viewCredential(credential, serviceUrl));
      return { body: { application_credentials: views, links } };
    },
  });
}

function showCredential({ identity }: IdentityOptions): Route {
  return tokenRoute({
    name: "showApplicationCredential",
    method: "GET",
    path: `${path}/:credentialId`,
    summary: "Show one of one's application credentials, without its secret",
    handle: async ({ caller: { scope }, params, serviceUrl }) => {
      requireOwn(scope.user.id, params.id);
      const credential = await findCredential(identity, scope, params.credentialId);
      return { body: { application_credential: viewCredential(credential, serviceUrl) } };
    },
  });
}

function createCredential(options: IdentityOptions): Route {
  return route({
    name: "createApplicationCredential",
    method: "POST",
    path,
    summary: "Make an application credential for the token's project; its secret is answered once",
    role: "reader",
    success: 201,
    body: credentialRequest,
    handle: async ({ requester, scope, params, body: { application_credential: wanted }, serviceUrl }) => {
      requireOwn(scope.user.id, params.id);
      requireRight(scope);
      await assertRoom(options.identity, scope, wanted.name);
      const secret = wanted.secret ?? randomBytes(SECRET_BYTES).toString("base64url");
      const credential: ApplicationCredential = {
        id: options.newId(),
        name: wanted.name,
        description: wanted.description ?? "",
        userId: requester.userId,
        projectId: requester.projectId,
        roles: rolesOf(scope, wanted.roles ?? []),
        expiresAt:
          typeof wanted.expires_at === "string" ? parseExpiry(wanted.expires_at, options.now()) : undefined,
      };
      await options.identity.createCredential(credential, secret);
      await record(options, requester, { what: "createApplicationCredential", target: credential.id });
      return { body: { application_credential: { ...viewCredential(credential, serviceUrl), secret } } };
    },
  });
}

function deleteCredential(options: IdentityOptions): Route {
  return route({
    name: "deleteApplicationCredential",
    method: "DELETE",
    path: `${path}/:credentialId`,
    summary: "End one of one's application credentials, and its tokens",
    role: "reader",
    success: 204,
    handle: async ({ requester, scope, params }) => {
      requireOwn(scope.user.id, params.id);
      requireRight(scope);
      const { id } = await findCredential(options.identity, scope, params.credentialId);
      await options.identity.removeCredential(id);
      await record(options, requester, { what: "deleteApplicationCredential", target: id });
      return {};
    },
  });
}

function record(
  { audit, now }: IdentityOptions,
  requester: Parameters<typeof recordChange>[1],
  change: Parameters<typeof recordChange>[2],
): Promise<void> {
  return recordChange({ database: { audit }, now }, requester, change);
}

/** Throws FORBIDDEN: whoever gets hold of an application credential is not to make themselves others. */
function requireRight(scope: TokenScope): void {
  if (!isOfCredential(scope)) return;
  throw new ApiError("FORBIDDEN", "An application credential may not make or end application credentials");
}

/** Throws NOT_FOUND, also for somebody else's. */
async function findCredential(
  identity: IdentityRepository,
  { user }: TokenScope,
  id: string,
): Promise<ApplicationCredential> {
  const found = (await identity.credentials(user.id)).find((credential) => credential.id === id);
  if (found !== undefined) return found;
  throw new ApiError("NOT_FOUND", `Could not find Application Credential: ${id.slice(0, 255)}.`);
}

/** Throws CONFLICT for a name that is taken, and FORBIDDEN when there are too many. */
async function assertRoom(identity: IdentityRepository, { user }: TokenScope, name: string): Promise<void> {
  const own = await identity.credentials(user.id);
  if (own.some((credential) => credential.name === name)) {
    throw new ApiError("CONFLICT", `There is an application credential with the name ${name} already`);
  }
  if (own.length < CREDENTIALS_PER_USER_MAX) return;
  const text = `Unable to create additional application credentials, maximum of ${CREDENTIALS_PER_USER_MAX}`;
  throw new ApiError("FORBIDDEN", `${text} already exceeded for user.`);
}

/** The roles that are asked for, or all of the token. Throws BAD_REQUEST for one that it does not include. */
function rolesOf({ roles }: TokenScope, wanted: readonly Role[]): readonly Role[] {
  if (wanted.length === 0) return roles;
  if (wanted.every((role) => includesRole(roles, role))) return [...new Set(wanted)];
  const text = "Invalid application credential: Cannot create an application credential with unassigned role";
  throw new ApiError("BAD_REQUEST", text);
}
