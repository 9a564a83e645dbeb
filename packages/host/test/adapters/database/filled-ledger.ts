import { pgliteInMemory } from "@nova-agent/testbed";
import { type Database, openDatabase } from "../../../src/adapters/database/index.ts";
import { at, instance, operation, port, requester } from "./behaviour.ts";

/** More than one statement of a backup takes. */
const OPERATIONS = 501;

export const PASSWORD = "correct horse";
/** Sealed in the ledger: it is in no backup. */
export const SEALED = Buffer.from("sealed-staple");

/** A database in memory with something in every table; it is closed by the caller. */
export async function openFilled(): Promise<Database> {
  const database = await openDatabase({ ...pgliteInMemory(), now: () => at(5) });
  await fillIdentity(database);
  await fillInventory(database);
  const { instances, operations, actions, audit } = database;
  await instances.insert(
    instance("kept", {
      name: 'wéb \\u0000 "quoted"\n',
      metadata: { "camelCase key": "snake_case" },
      fault: { code: 500, message: "line\nbreak", at: at(1) },
    }),
  );
  await instances.insertPort(port("kept"));
  for (let number = 0; number < OPERATIONS; number += 1) {
    await operations.insert(operation("kept", { id: `kept-${number}` }), SEALED);
  }
  await operations.note("kept-0", {
    state: "failed",
    text: "No",
    error: { code: "GUEST_REFUSED", message: "no" },
  });
  await actions.begin(requester("kept"), { instanceId: "kept-instance", action: "reboot" });
  await actions.beginEvent("req-kept", "compute_reboot");
  const { userId, projectId, requestId } = requester("kept");
  await audit.record({
    at: at(1),
    userId,
    projectId,
    requestId,
    what: "reboot",
    target: "x",
    outcome: "done",
  });
  return database;
}

/** Everything that backups keep, as JSON. */
export async function allRows({ rows }: Database): Promise<readonly string[]> {
  const all: string[] = [];
  await rows.readAll({
    begin: async (header) => void all.push(JSON.stringify(header)),
    add: async (batch) => void all.push(...batch.map((row) => JSON.stringify(row))),
  });
  return all;
}

async function fillIdentity({ identity }: Database): Promise<void> {
  const project = { id: "kept-project", name: "project", isEnabled: true };
  const user = { id: "kept-user", name: "user", isEnabled: true, defaultProjectId: project.id };
  await identity.createProject(project);
  await identity.createUser(user, PASSWORD);
  await identity.grant({ userId: user.id, projectId: project.id, role: "member" });
  const credential = { id: "kept-credential", name: "credential", userId: user.id, projectId: project.id };
  await identity.createCredential(
    { ...credential, description: "ci", roles: ["member"], expiresAt: at(59) },
    "staple",
  );
  const times = { issuedAt: at(0), expiresAt: at(59) };
  await identity.issueToken({ user, project, roles: ["member"], methods: ["password"], ...times });
}

async function fillInventory({ inventory }: Database): Promise<void> {
  await inventory.insertImage({
    id: "debian",
    name: "debian",
    hasAgent: true,
    isRescue: false,
    reference: "debian",
    osType: "linux",
    minDiskGib: 1,
    minRamMib: 1,
    createdAt: at(0),
  });
  await inventory.insertFlavor({ id: "small", name: "small", vcpus: 1, ramMib: 1, diskGib: 1 });
  await inventory.insertNetwork({
    id: "kept-network",
    projectId: undefined,
    name: "public",
    bridge: "xenbr0",
    cidr: "192.0.2.0/24",
    cidr6: undefined,
    gateway: "192.0.2.1",
    gateway6: undefined,
    dns: ["192.0.2.53"],
    routes: [],
  });
  const publicKey = { publicKey: "ssh-ed25519 AAAA", fingerprint: "00:11", createdAt: at(0) };
  await inventory.insertKeyPair({ userId: "kept-user", name: "key", ...publicKey });
}
