import { randomUUID } from "node:crypto";
import { HostError } from "@nova-agent/host";
import { type BackupSummary, type Database, restoreBackup, writeBackup } from "@nova-agent/host/database";
import type { ServiceConfiguration } from "./configuration/service-configuration.ts";
import { ControlError } from "./errors.ts";
import { type PasswordInput, readPassword } from "./read-password.ts";
import { openConfiguredDatabase } from "./service.ts";
import type { DatabaseCommand } from "./service-command-line.ts";

/** The terminal, or what stands in for it. */
export interface CommandStreams {
  readonly input: PasswordInput;
  readonly print: (text: string) => void;
  readonly prompt: (text: string) => void;
}

/** Carries out a command that works on the database alone. Throws a ControlError. */
export async function runCommand(
  command: DatabaseCommand,
  configuration: ServiceConfiguration,
  streams: CommandStreams,
): Promise<void> {
  const { input, prompt, print } = streams;
  const takesPassword = command.kind === "createUser" || command.kind === "setPassword";
  const password = takesPassword ? await readPassword(input, prompt) : "";
  const database = await openConfiguredDatabase(configuration);
  try {
    print(`${await carryOut(command, database, password)}\n`);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    throw new ControlError("COMMAND_FAILED", error.message, { wayOut: wayOutOf(error), cause: error });
  } finally {
    await database.close();
  }
}

async function carryOut(command: DatabaseCommand, database: Database, password: string): Promise<string> {
  switch (command.kind) {
    case "migrate":
      return "The tables are up to date";
    case "backup": {
      const summary = await writeBackup(database, { path: command.path, now: () => new Date() });
      return `${countRows(summary)} rows written to ${command.path}`;
    }
    case "restore": {
      const summary = await restoreBackup(database, command);
      await recordChange(database, { what: "restore", target: command.path });
      return `${countRows(summary)} rows restored from ${command.path}`;
    }
    case "setPassword":
      return setPassword(database, { ...command, password });
    default:
      return createUser(database, { ...command, password });
  }
}

async function setPassword(
  database: Database,
  { name, password }: { readonly name: string; readonly password: string },
): Promise<string> {
  const { identity } = database;
  const user = await identity.findUserByName(name);
  if (user === undefined) {
    const wayOut = "create-user makes one; names are told from each other by every letter";
    throw new ControlError("COMMAND_FAILED", `There is no user "${name}"`, { wayOut });
  }
  await identity.setPassword(user.id, password);
  await recordChange(database, { what: "setPassword", target: user.id });
  return `User ${name} has another password`;
}

async function createUser(
  database: Database,
  wanted: Extract<DatabaseCommand, { readonly kind: "createUser" }> & { readonly password: string },
): Promise<string> {
  const { identity } = database;
  const { name, role, password } = wanted;
  const found = await identity.findProject({ name: wanted.project });
  const project = found ?? { id: newId(), name: wanted.project, isEnabled: true };
  if (found === undefined) await identity.createProject(project);
  const userId = newId();
  await identity.createUser({ id: userId, name, isEnabled: true, defaultProjectId: project.id }, password);
  await identity.grant({ userId, projectId: project.id, role });
  await recordChange(database, { what: "createUser", target: userId, projectId: project.id });
  return `User ${name} is a ${role} of project ${project.name}`;
}

/** Adds a row to the audit, in which these commands are a user of their own, of no project unless one is named. */
async function recordChange(
  { audit }: Database,
  change: { readonly what: string; readonly target: string; readonly projectId?: string },
): Promise<void> {
  const requestId = `req-${randomUUID()}`;
  const made = { at: new Date(), userId: "nova-control", projectId: "", requestId, outcome: "done" };
  await audit.record({ ...made, ...change });
}

/** Without dashes, as Keystone's ids are. */
function newId(): string {
  return randomUUID().replaceAll("-", "");
}

function countRows({ counts }: BackupSummary): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function wayOutOf({ code }: HostError): string {
  switch (code) {
    case "DATABASE_NOT_EMPTY":
      return "Name another database in the configuration, or remove this one";
    case "ALREADY_EXISTS":
      return "Choose another name";
    case "BACKUP_UNUSABLE":
      return "The database is as it was; take another file";
    default:
      return "The database is as it was; see `database` in the configuration";
  }
}
