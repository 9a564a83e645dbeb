import type { Project } from "@nova-agent/host";
import { csrfTokenOf } from "../context/own-page.ts";
import type { IssuedToken } from "../identity/token-issuer.ts";

/** A session, without its token. */
export function viewSession(
  { token, scope: { user, project, roles, expiresAt } }: IssuedToken,
  projects: readonly Project[],
): object {
  return {
    user: { id: user.id, name: user.name },
    project: project === undefined ? null : viewProject(project),
    roles,
    projects: projects.map(viewProject),
    expires_at: expiresAt.toISOString(),
    csrf_token: csrfTokenOf(token),
  };
}

function viewProject({ id, name }: Project): object {
  return { id, name };
}
