import type { Kysely, Selectable } from "kysely";
import type { Flavor, Image, KeyPair, Network } from "../../instances/inventory.ts";
import type { InventoryRepository } from "../../ports/repositories.ts";
import { storableJson } from "./json.ts";
import type { NetworkTable, Tables } from "./tables.ts";

/** What instances are made of; all lists are in the order of the names. */
export class SqlInventoryRepository implements InventoryRepository {
  readonly #tables: Kysely<Tables>;

  constructor(tables: Kysely<Tables>) {
    this.#tables = tables;
  }

  async images(): Promise<readonly Image[]> {
    return this.#tables.selectFrom("image").selectAll().orderBy("name").orderBy("id").execute();
  }

  async findImage(id: string): Promise<Image | undefined> {
    return this.#tables.selectFrom("image").selectAll().where("id", "=", id).executeTakeFirst();
  }

  async insertImage(image: Image): Promise<void> {
    await this.#tables.insertInto("image").values(image).execute();
  }

  async flavors(): Promise<readonly Flavor[]> {
    return this.#tables.selectFrom("flavor").selectAll().orderBy("name").orderBy("id").execute();
  }

  async findFlavor(id: string): Promise<Flavor | undefined> {
    return this.#tables.selectFrom("flavor").selectAll().where("id", "=", id).executeTakeFirst();
  }

  async insertFlavor(flavor: Flavor): Promise<void> {
    await this.#tables.insertInto("flavor").values(flavor).execute();
  }

  async networks(projectId: string): Promise<readonly Network[]> {
    const rows = await this.#tables
      .selectFrom("network")
      .selectAll()
      .where((build) => build.or([build("projectId", "is", null), build("projectId", "=", projectId)]))
      .orderBy("name")
      .orderBy("id")
      .execute();
    return rows.map(networkOf);
  }

  async findNetwork(id: string): Promise<Network | undefined> {
    const row = await this.#tables.selectFrom("network").selectAll().where("id", "=", id).executeTakeFirst();
    return row && networkOf(row);
  }

  async insertNetwork({ dns, routes, ...network }: Network): Promise<void> {
    const { projectId = null, cidr6 = null, gateway = null, gateway6 = null } = network;
    const lists = { dns: storableJson(dns), routes: storableJson(routes) };
    const row = { ...network, projectId, cidr6, gateway, gateway6, ...lists };
    await this.#tables.insertInto("network").values(row).execute();
  }

  async keyPairs(userId: string): Promise<readonly KeyPair[]> {
    return this.#tables
      .selectFrom("keyPair")
      .selectAll()
      .where("userId", "=", userId)
      .orderBy("name")
      .execute();
  }

  async findKeyPair(userId: string, name: string): Promise<KeyPair | undefined> {
    return this.#tables
      .selectFrom("keyPair")
      .selectAll()
      .where("userId", "=", userId)
      .where("name", "=", name)
      .executeTakeFirst();
  }

  async insertKeyPair(keyPair: KeyPair): Promise<void> {
    await this.#tables.insertInto("keyPair").values(keyPair).execute();
  }

  async removeKeyPair(userId: string, name: string): Promise<boolean> {
    const { numDeletedRows } = await this.#tables
      .deleteFrom("keyPair")
      .where("userId", "=", userId)
      .where("name", "=", name)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }
}

function networkOf(row: Selectable<NetworkTable>): Network {
  return {
    ...row,
    projectId: row.projectId ?? undefined,
    cidr6: row.cidr6 ?? undefined,
    gateway: row.gateway ?? undefined,
    gateway6: row.gateway6 ?? undefined,
  };
}
