import { HostError } from "@nova-agent/host";
import { type BackupSummary, type Database, restoreBackup, writeBackup } from "@nova-agent/host/database";
import type { ServiceConfiguration } from "./configuration/service-configuration.ts";
import { ControlError } from "../errors.ts";
import { type PasswordInput, readPassword } from "./read-password.ts";
import { recordCommand } from "./record-command.ts";
import { openConfiguredDatabase } from "./service.ts";
import type { DatabaseCommand } from "./command-line.ts";
import { createUser, enableUser, listUsers, setPassword } from "./user-commands.ts";

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
      await recordCommand(database, { what: "restore", target: command.path });
      return `${countRows(summary)} rows restored from ${command.path}`;
    }
    case "setPassword":
      return setPassword(database, { ...command, password });
    case "enableUser":
      return enableUser(database, command);
    case "listUsers":
      return listUsers(database);
    default:
      return createUser(database, { ...command, password });
  }
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
