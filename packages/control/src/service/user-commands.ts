import { randomUUID } from "node:crypto";
import type { Role, User } from "@nova-agent/host";
import type { Database } from "@nova-agent/host/database";
import { ControlError } from "../errors.ts";
import { recordCommand } from "./record-command.ts";

/** What of the database the commands about users need. */
export type UserDatabase = Pick<Database, "identity" | "audit">;

/** Makes a user, and the project when it is not there; returns what there is to tell. Throws COMMAND_FAILED. */
export async function createUser(
  database: UserDatabase,
  wanted: { readonly name: string; readonly project: string; readonly role: Role; readonly password: string },
): Promise<string> {
  const { identity } = database;
  const { name, role, password } = wanted;
  // Before a project is made, which would stay.
  if ((await identity.findUserByName(name)) !== undefined) {
    const wayOut = "Choose another name; set-password gives a user another password";
    throw new ControlError("COMMAND_FAILED", `There is a user "${name}" already`, { wayOut });
  }
  const found = await identity.findProject({ name: wanted.project });
  const project = found ?? { id: newId(), name: wanted.project, isEnabled: true };
  if (found === undefined) await identity.createProject(project);
  const userId = newId();
  await identity.createUser({ id: userId, name, isEnabled: true, defaultProjectId: project.id }, password);
  await identity.grant({ userId, projectId: project.id, role });
  await recordCommand(database, { what: "createUser", target: userId, projectId: project.id });
  return `User ${name} is a ${role} of project ${project.name}`;
}

/** Gives a user another password; returns what there is to tell. Throws COMMAND_FAILED. */
export async function setPassword(
  database: UserDatabase,
  { name, password }: { readonly name: string; readonly password: string },
): Promise<string> {
  const { id } = await findUser(database, name);
  await database.identity.setPassword(id, password);
  await recordCommand(database, { what: "setPassword", target: id });
  return `User ${name} has another password`;
}

/** Switches a user on or off, whose tokens end then; returns what there is to tell. Throws COMMAND_FAILED. */
export async function enableUser(
  database: UserDatabase,
  { name, isEnabled }: { readonly name: string; readonly isEnabled: boolean },
): Promise<string> {
  const { id } = await findUser(database, name);
  await database.identity.setEnabled(id, isEnabled);
  await recordCommand(database, { what: isEnabled ? "enableUser" : "disableUser", target: id });
  return isEnabled ? `User ${name} can sign in` : `User ${name} cannot sign in any more`;
}

/** The users by their names, a line each, with what they are in their projects. */
export async function listUsers({ identity }: UserDatabase): Promise<string> {
  const lines: string[] = [];
  for (const { id, name, isEnabled } of await identity.users()) {
    const places: string[] = [];
    for (const project of await identity.projectsOf(id)) {
      places.push(`${(await identity.rolesOf(id, project.id)).join(" and ")} of ${project.name}`);
    }
    const where = places.length === 0 ? "of no project" : places.join(", ");
    lines.push(`${name}: ${where}${isEnabled ? "" : " (disabled)"}`);
  }
  return lines.length === 0 ? "There are no users" : lines.join("\n");
}

async function findUser({ identity }: UserDatabase, name: string): Promise<User> {
  const user = await identity.findUserByName(name);
  if (user !== undefined) return user;
  const wayOut = "create-user makes one; names are told from each other by every letter";
  throw new ControlError("COMMAND_FAILED", `There is no user "${name}"`, { wayOut });
}

/** Without dashes, as Keystone's ids are. */
function newId(): string {
  return randomUUID().replaceAll("-", "");
}
