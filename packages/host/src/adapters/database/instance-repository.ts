import { type Kysely, type Selectable, type Updateable, sql } from "kysely";
import { HostError } from "../../errors.ts";
import type { FixedIp, FreePort, Instance, Port, TaskState } from "../../instances/instance.ts";
import type { InstanceFilter, InstanceRepository, MetadataChange } from "../../ports/repositories.ts";
import { pageOf } from "./instance-page.ts";
import { storableJson } from "./json.ts";
import { LIST_MAX } from "./limits.ts";
import type { InstanceTable, PortTable, Tables } from "./tables.ts";

/** Where a port is that an instance has. */
type Place = Pick<Port, "instanceId" | "index">;

/** Instances and their network cards. */
export class SqlInstanceRepository implements InstanceRepository {
  readonly #tables: Kysely<Tables>;
  readonly #now: () => Date;

  constructor(tables: Kysely<Tables>, now: () => Date) {
    this.#tables = tables;
    this.#now = now;
  }

  async insert(instance: Instance): Promise<void> {
    const { metadata, fault, agentFeatures: features, ...plain } = instance;
    const json = { metadata: storableJson(metadata), fault: fault && storableJson(fault) };
    const row = { ...plain, ...json, agentFeatures: features && storableJson(features) };
    await this.#tables.insertInto("instance").values(row).execute();
  }

  async find(id: string): Promise<Instance | undefined> {
    const row = await this.#tables.selectFrom("instance").selectAll().where("id", "=", id).executeTakeFirst();
    return row && instanceOf(row);
  }

  async list(filter: InstanceFilter): Promise<readonly Instance[]> {
    const { projectId, name, vmStates, imageId, flavorId, changedSince } = filter;
    let query = this.#tables
      .selectFrom("instance")
      .selectAll()
      .where("deletedAt", filter.isDeleted === true ? "is not" : "is", null);
    if (projectId !== undefined) query = query.where("projectId", "=", projectId);
    if (filter.ids !== undefined) query = query.where(sql<boolean>`id = any(${[...filter.ids]}::text[])`);
    if (name !== undefined) query = query.where(sql<boolean>`strpos(name, ${name}) > 0`);
    // A list that is empty is no SQL, and nothing is in it.
    if (vmStates !== undefined) query = query.where(sql<boolean>`vm_state = any(${[...vmStates]}::text[])`);
    if (imageId !== undefined) query = query.where("imageId", "=", imageId);
    if (flavorId !== undefined) query = query.where("flavorId", "=", flavorId);
    if (changedSince !== undefined) query = query.where("updatedAt", ">=", changedSince);
    const page = await pageOf(this.#tables, filter);
    if (page.behind !== undefined) query = query.where(page.behind);
    for (const { key, direction } of page.order) query = query.orderBy(key, direction);
    const rows = await query.limit(Math.min(filter.limit ?? LIST_MAX, LIST_MAX)).execute();
    return rows.map(instanceOf);
  }

  async update(
    id: string,
    changes: Partial<Omit<Instance, "id">>,
    expected?: { readonly taskState: TaskState | null },
  ): Promise<boolean> {
    const { metadata, fault, agentFeatures: features, ...plain } = changes;
    const set: Updateable<InstanceTable> = isOfAgent(changes) ? plain : { updatedAt: this.#now(), ...plain };
    if (features !== undefined) set.agentFeatures = features && storableJson(features);
    if (metadata !== undefined) set.metadata = storableJson(metadata);
    if (fault !== undefined) set.fault = fault && storableJson(fault);
    let query = this.#tables
      .updateTable("instance")
      .set(set)
      .where("id", "=", id)
      .where("deletedAt", "is", null);
    if (expected !== undefined) {
      query = query.where(sql<boolean>`task_state is not distinct from ${expected.taskState}`);
    }
    const { numUpdatedRows } = await query.executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  async changeMetadata(
    id: string,
    decide: (former: Instance["metadata"]) => Instance["metadata"],
  ): Promise<MetadataChange | undefined> {
    return this.#tables.transaction().execute(async (transaction) => {
      const row = await transaction
        .selectFrom("instance")
        .select("metadata")
        .where("id", "=", id)
        .where("deletedAt", "is", null)
        .forUpdate()
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const { metadata } = await transaction
        .updateTable("instance")
        .set({ metadata: storableJson(decide(row.metadata)), updatedAt: this.#now() })
        .where("id", "=", id)
        .returning("metadata")
        .executeTakeFirstOrThrow();
      return { former: row.metadata, metadata };
    });
  }

  async ports(instanceId: string): Promise<readonly Port[]> {
    return (await this.portsOf([instanceId])).get(instanceId) ?? [];
  }

  async portsOf(instanceIds: readonly string[]): Promise<ReadonlyMap<string, readonly Port[]>> {
    const rows = await this.#tables
      .selectFrom("port")
      .selectAll()
      .select(fixedIpsOf)
      .where(sql<boolean>`instance_id = any(${[...instanceIds]}::text[])`)
      .orderBy("index")
      .$narrowType<Place>()
      .execute();
    const ports = new Map<string, Port[]>();
    for (const port of rows.map(portOf)) {
      const others = ports.get(port.instanceId);
      if (others === undefined) ports.set(port.instanceId, [port]);
      else others.push(port);
    }
    return ports;
  }

  async findPort(id: string): Promise<Port | undefined> {
    const row = await this.#tables
      .selectFrom("port")
      .selectAll()
      .select(fixedIpsOf)
      .where("id", "=", id)
      .where("instanceId", "is not", null)
      .$narrowType<Place>()
      .executeTakeFirst();
    return row && portOf(row);
  }

  async insertPort({ fixedIps, ...port }: Port): Promise<void> {
    await this.#tables.transaction().execute(async (transaction) => {
      await assertStays(transaction, port.instanceId);
      await transaction.insertInto("port").values(port).execute();
      await insertFixedIps(transaction, port, fixedIps);
    });
  }

  async setFixedIps(portId: string, fixedIps: readonly FixedIp[]): Promise<void> {
    await this.#tables.transaction().execute(async (transaction) => {
      const port = await transaction
        .selectFrom("port")
        .select(["id", "networkId"])
        .where("id", "=", portId)
        .forUpdate()
        .executeTakeFirst();
      if (port === undefined) throw new HostError("NO_SUCH_PORT", `Port ${portId} could not be found.`);
      await transaction.deleteFrom("fixedIp").where("portId", "=", portId).execute();
      await insertFixedIps(transaction, port, fixedIps);
    });
  }

  async removePort(id: string): Promise<void> {
    await this.#tables.deleteFrom("port").where("id", "=", id).execute();
  }

  async freePorts(projectId: string): Promise<readonly FreePort[]> {
    return this.#freePorts().where("projectId", "=", projectId).orderBy("name").execute();
  }

  async findFreePort(id: string): Promise<FreePort | undefined> {
    return this.#freePorts().where("id", "=", id).executeTakeFirst();
  }

  async insertFreePort({ fixedIps, ...port }: FreePort): Promise<void> {
    await this.#tables.transaction().execute(async (transaction) => {
      await transaction.insertInto("port").values(port).execute();
      await insertFixedIps(transaction, port, fixedIps);
    });
  }

  async removeFreePort(id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#tables
      .deleteFrom("port")
      .where("id", "=", id)
      .where("instanceId", "is", null)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }

  async bindPort(id: string, { instanceId, index }: Place): Promise<boolean> {
    return this.#tables.transaction().execute(async (transaction) => {
      await assertStays(transaction, instanceId);
      const { numUpdatedRows } = await transaction
        .updateTable("port")
        .set({ instanceId, index })
        .where("id", "=", id)
        .where("instanceId", "is", null)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    });
  }

  async releasePort(id: string): Promise<void> {
    await this.#tables.transaction().execute(async (transaction) => {
      await transaction.deleteFrom("port").where("id", "=", id).where("projectId", "is", null).execute();
      const free = { instanceId: null, index: null };
      await transaction.updateTable("port").set(free).where("id", "=", id).execute();
    });
  }

  async usedAddresses(networkId: string): Promise<readonly string[]> {
    const rows = await this.#tables
      .selectFrom("fixedIp")
      .select(sql<string>`host(address)`.as("host"))
      .where("networkId", "=", networkId)
      .orderBy("address")
      .execute();
    return rows.map(({ host }) => host);
  }

  #freePorts() {
    return this.#tables
      .selectFrom("port")
      .select(["id", "networkId", "mac", "name", "projectId", fixedIpsOf])
      .where("instanceId", "is", null)
      .$narrowType<Pick<FreePort, "projectId">>()
      .limit(LIST_MAX);
  }
}

/**
 * Its removal begins with its task, and the row is held until the transaction ends: so the ports that are
 * released then are all that it will ever have.
 */
async function assertStays(transaction: Kysely<Tables>, instanceId: string): Promise<void> {
  const row = await transaction
    .selectFrom("instance")
    .select(["taskState", "deletedAt"])
    .where("id", "=", instanceId)
    .forShare()
    .executeTakeFirst();
  if (row !== undefined && row.deletedAt === null && row.taskState !== "deleting") return;
  throw new HostError("NO_SUCH_INSTANCE", `Instance ${instanceId} could not be found.`);
}

async function insertFixedIps(
  transaction: Kysely<Tables>,
  { id: portId, networkId }: Pick<Port, "id" | "networkId">,
  fixedIps: readonly FixedIp[],
): Promise<void> {
  const rows = fixedIps.map((ip, position) => ({ networkId, portId, position, ...ip }));
  if (rows.length > 0) await transaction.insertInto("fixedIp").values(rows).execute();
}

const agentKeys: ReadonlySet<string> = new Set(["agentSeenAt", "agentSilentSince", "agentFeatures"]);

/** Whether it only tells what was heard of the agent, which is no change of the instance to users. */
function isOfAgent(changes: Partial<Instance>): boolean {
  const keys = Object.keys(changes);
  return keys.length > 0 && keys.every((key) => agentKeys.has(key));
}

function portOf({ projectId, name, ...port }: Selectable<PortTable> & Place & Pick<Port, "fixedIps">): Port {
  return { ...port, ...(projectId !== null && { name }) };
}

/** The addresses of a port with its row, so that many ports are one statement and one row each. */
const fixedIpsOf = sql<readonly FixedIp[]>`coalesce((
  select json_agg(
    json_build_object('address', host(address), 'prefixLength', prefix_length) order by position
  ) from fixed_ip where port_id = port.id
), '[]')`.as("fixedIps");

function instanceOf({ fault, ...row }: Selectable<InstanceTable>): Instance {
  return { ...row, fault: fault && { ...fault, at: new Date(fault.at) } };
}
