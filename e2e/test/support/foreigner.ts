import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openDatabase } from "@nova-agent/host/database";
import { pgliteInMemory } from "@nova-agent/testbed";

/** The settings of a client, as far as they are a user's own. */
export interface UserSettings {
  readonly OS_USERNAME: string;
  readonly OS_PASSWORD: string;
  readonly OS_PROJECT_NAME: string;
}

/** Puts a project of its own, with a member, into the data directory of a demo that is still to start. */
export async function addForeigner(data: string): Promise<UserSettings> {
  await mkdir(data, { mode: 0o700 });
  const database = await openDatabase({ ...pgliteInMemory(), directory: join(data, "database") });
  try {
    const { identity } = database;
    const [name, password, projectId] = ["foreigner", randomUUID(), randomUUID()];
    await identity.createProject({ id: projectId, name: "abroad", isEnabled: true });
    const user = { id: randomUUID(), name, isEnabled: true, defaultProjectId: projectId };
    await identity.createUser(user, password);
    await identity.grant({ userId: user.id, projectId, role: "member" });
    return { OS_USERNAME: name, OS_PASSWORD: password, OS_PROJECT_NAME: "abroad" };
  } finally {
    await database.close();
  }
}
