import { createHash } from "node:crypto";
import type { ApplicationCredential, Project, TokenScope, User } from "@nova-agent/host";
import { defaultDomain } from "./auth-request.ts";
import { viewCatalog } from "./catalog.ts";

/** A token as Keystone shows it (keystone api-ref, "Validate and show information for token"). */
export function viewToken(
  { user, project, roles, methods, issuedAt, expiresAt }: TokenScope,
  {
    token,
    origin,
    hasCatalog,
  }: { readonly token: string; readonly origin: string; readonly hasCatalog: boolean },
): object {
  const ofProject =
    project === undefined
      ? {}
      : {
          project: { id: project.id, name: project.name, domain: defaultDomain },
          is_domain: false,
          roles: roles.map((name) => ({ id: name, name })),
          ...(hasCatalog ? { catalog: viewCatalog(origin) } : {}),
        };
  return {
    methods,
    user: { id: user.id, name: user.name, domain: defaultDomain, password_expires_at: null },
    // Names the token in logs without being of use as one.
    audit_ids: [createHash("sha256").update(`audit ${token}`).digest("base64url").slice(0, 22)],
    issued_at: viewTime(issuedAt),
    expires_at: viewTime(expiresAt),
    ...ofProject,
  };
}

export function viewProject({ id, name, isEnabled }: Project, serviceUrl: string): object {
  return {
    id,
    name,
    enabled: isEnabled,
    domain_id: defaultDomain.id,
    parent_id: defaultDomain.id,
    is_domain: false,
    description: "",
    tags: [],
    options: {},
    links: { self: `${serviceUrl}/v3/projects/${id}` },
  };
}

export function viewUser({ id, name, isEnabled, defaultProjectId }: User, serviceUrl: string): object {
  return {
    id,
    name,
    enabled: isEnabled,
    domain_id: defaultDomain.id,
    ...(defaultProjectId === undefined ? {} : { default_project_id: defaultProjectId }),
    password_expires_at: null,
    options: {},
    links: { self: `${serviceUrl}/v3/users/${id}` },
  };
}

/** An application credential, without its secret (keystone api-ref, "Application Credentials"). */
export function viewCredential(
  { id, name, description, userId, projectId, roles, expiresAt }: ApplicationCredential,
  serviceUrl: string,
): object {
  return {
    id,
    name,
    description,
    user_id: userId,
    project_id: projectId,
    roles: roles.map((role) => ({ id: role, name: role, domain_id: null })),
    expires_at: expiresAt === undefined ? null : viewTime(expiresAt),
    unrestricted: false,
    system: null,
    links: { self: `${serviceUrl}/v3/users/${userId}/application_credentials/${id}` },
  };
}

/** The links of a list that is always whole. */
export function viewListLinks(self: string): object {
  return { self, next: null, previous: null };
}

/** With microseconds, as Keystone writes them. */
export function viewTime(time: Date): string {
  return time.toISOString().replace("Z", "000Z");
}
