import { randomBytes } from "node:crypto";
import type { Role } from "@nova-agent/host";
import type { Database } from "@nova-agent/host/database";
import { PASSWORD_BYTES } from "../limits.ts";

/** The project of the demo, and the user who may do everything in it. */
export const DEMO_PROJECT = "demo";
export const DEMO_USER = "demo";
/** The user who may only look. */
export const DEMO_READER = "demo-reader";
/** The user who also sees what is every project's, and the host. */
export const DEMO_ADMIN = "demo-admin";

const ROLES: Readonly<Record<string, Role>> = {
  [DEMO_USER]: "member",
  [DEMO_READER]: "reader",
  [DEMO_ADMIN]: "admin",
};

/** Who is in the database now. */
export interface DemoIdentity {
  readonly projectId: string;
  readonly userId: string;
  /** Of this start alone, by the user's name. */
  readonly passwords: Readonly<Record<string, string>>;
}

/** Makes the project and its users where they are not there yet, and gives each user a new password. */
export async function renewIdentity(
  { identity }: Pick<Database, "identity">,
  newId: () => string,
): Promise<DemoIdentity> {
  const project = await identity.findProject({ name: DEMO_PROJECT });
  const projectId = project?.id ?? newId();
  if (project === undefined) {
    await identity.createProject({ id: projectId, name: DEMO_PROJECT, isEnabled: true });
  }
  const passwords: Record<string, string> = {};
  for (const [name, role] of Object.entries(ROLES)) {
    const password = randomBytes(PASSWORD_BYTES).toString("base64url");
    const userId = userIdOf(name, projectId);
    const user = { id: userId, name, isEnabled: true, defaultProjectId: projectId };
    if ((await identity.findUser(userId)) === undefined) await identity.createUser(user, password);
    else await identity.setPassword(userId, password);
    await identity.grant({ userId, projectId, role });
    passwords[name] = password;
  }
  return { projectId, userId: userIdOf(DEMO_USER, projectId), passwords };
}

/** Users are looked up by id alone, so theirs follows from the project's. */
function userIdOf(name: string, projectId: string): string {
  return `${name}-${projectId}`;
}
