import { createHash, randomBytes } from "node:crypto";
import type { Kysely, Selectable } from "kysely";
import type {
  ApplicationCredential,
  IdentityRepository,
  Project,
  TokenScope,
  User,
} from "../../ports/identity.ts";
import type { Role } from "../../ports/requester.ts";
import { storableJson } from "./json.ts";
import { LIST_MAX, TOKEN_BYTES } from "./limits.ts";
import { hashPassword, isPassword } from "./password-hash.ts";
import type { Tables, UserTable } from "./tables.ts";

/** What a credential is read from: all but its secret. */
const CREDENTIAL_COLUMNS = [
  "credential.id",
  "credential.name",
  "credential.description",
  "credential.userId",
  "credential.projectId",
  "credential.roles",
  "credential.expiresAt",
] as const;

/** Users, projects, roles and tokens. */
export class SqlIdentityRepository implements IdentityRepository {
  readonly #tables: Kysely<Tables>;
  readonly #now: () => Date;

  constructor(tables: Kysely<Tables>, now: () => Date) {
    this.#tables = tables;
    this.#now = now;
  }

  async createUser(user: User, password: string): Promise<void> {
    const passwordHash = await hashPassword(password);
    const defaultProjectId = user.defaultProjectId ?? null;
    await this.#tables
      .insertInto("user")
      .values({ ...user, defaultProjectId, passwordHash })
      .execute();
  }

  async setPassword(userId: string, password: string): Promise<void> {
    const passwordHash = await hashPassword(password);
    await this.#tables.updateTable("user").set({ passwordHash }).where("id", "=", userId).execute();
    await this.#tables.deleteFrom("token").where("userId", "=", userId).execute();
  }

  async setEnabled(userId: string, isEnabled: boolean): Promise<void> {
    await this.#tables.updateTable("user").set({ isEnabled }).where("id", "=", userId).execute();
    if (!isEnabled) await this.#tables.deleteFrom("token").where("userId", "=", userId).execute();
  }

  async users(): Promise<readonly User[]> {
    const rows = await this.#tables.selectFrom("user").selectAll().orderBy("name").execute();
    return rows.map(userOf);
  }

  async createProject(project: Project): Promise<void> {
    await this.#tables.insertInto("project").values(project).execute();
  }

  async grant(what: {
    readonly userId: string;
    readonly projectId: string;
    readonly role: Role;
  }): Promise<void> {
    await this.#tables
      .insertInto("roleGrant")
      .values(what)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  async verifyPassword(
    who: { readonly id: string } | { readonly name: string },
    password: string,
  ): Promise<User | undefined> {
    const row = await this.#tables
      .selectFrom("user")
      .selectAll()
      .where(...named(who))
      .executeTakeFirst();
    const isRight = await isPassword(password, row?.passwordHash);
    return isRight && row?.isEnabled === true ? userOf(row) : undefined;
  }

  async findProject(who: { readonly id: string } | { readonly name: string }): Promise<Project | undefined> {
    return this.#tables
      .selectFrom("project")
      .selectAll()
      .where(...named(who))
      .executeTakeFirst();
  }

  async projectsOf(userId: string): Promise<readonly Project[]> {
    return this.#tables
      .selectFrom("project")
      .selectAll()
      .where("id", "in", (build) =>
        build.selectFrom("roleGrant").select("projectId").where("userId", "=", userId),
      )
      .orderBy("name")
      .execute();
  }

  async rolesOf(userId: string, projectId: string): Promise<readonly Role[]> {
    const rows = await this.#tables
      .selectFrom("roleGrant")
      .select("role")
      .where("userId", "=", userId)
      .where("projectId", "=", projectId)
      .orderBy("role")
      .execute();
    return rows.map(({ role }) => role);
  }

  async createCredential(credential: ApplicationCredential, secret: string): Promise<void> {
    const { roles, expiresAt = null, ...plain } = credential;
    await this.#tables
      .insertInto("credential")
      .values({ ...plain, expiresAt, roles: storableJson(roles), secretHash: sha256(secret) })
      .execute();
  }

  async credentials(userId: string): Promise<readonly ApplicationCredential[]> {
    const rows = await this.#tables
      .selectFrom("credential")
      .select(CREDENTIAL_COLUMNS)
      .where("userId", "=", userId)
      .orderBy("name")
      .limit(LIST_MAX)
      .execute();
    return rows.map((row) => ({ ...row, expiresAt: row.expiresAt ?? undefined }));
  }

  async removeCredential(id: string): Promise<void> {
    await this.#tables.deleteFrom("credential").where("id", "=", id).execute();
  }

  async verifyCredential(
    who: { readonly id: string } | { readonly name: string; readonly userName: string },
    secret: string,
  ): Promise<ApplicationCredential | undefined> {
    let query = this.#tables
      .selectFrom("credential")
      .innerJoin("user", "user.id", "credential.userId")
      .innerJoin("project", "project.id", "credential.projectId")
      .select(CREDENTIAL_COLUMNS)
      .where("secretHash", "=", sha256(secret))
      .where("user.isEnabled", "=", true)
      .where("project.isEnabled", "=", true)
      .where((build) => build.or([build("expiresAt", "is", null), build("expiresAt", ">", this.#now())]));
    if ("id" in who) query = query.where("credential.id", "=", who.id);
    else query = query.where("credential.name", "=", who.name).where("user.name", "=", who.userName);
    const row = await query.executeTakeFirst();
    return row && { ...row, expiresAt: row.expiresAt ?? undefined };
  }

  async findUser(id: string): Promise<User | undefined> {
    const row = await this.#tables.selectFrom("user").selectAll().where("id", "=", id).executeTakeFirst();
    return row && userOf(row);
  }

  async findUserByName(name: string): Promise<User | undefined> {
    const row = await this.#tables.selectFrom("user").selectAll().where("name", "=", name).executeTakeFirst();
    return row && userOf(row);
  }

  async issueToken(scope: TokenScope): Promise<string> {
    const { user, project, roles, methods, credentialId = null, issuedAt, expiresAt } = scope;
    const token = randomBytes(TOKEN_BYTES).toString("base64url");
    const lists = { roles: storableJson(roles), methods: storableJson(methods) };
    const ids = { hash: sha256(token), userId: user.id, projectId: project?.id ?? null, credentialId };
    await this.#tables.deleteFrom("token").where("expiresAt", "<=", this.#now()).execute();
    await this.#tables
      .insertInto("token")
      .values({ ...ids, ...lists, issuedAt, expiresAt })
      .execute();
    return token;
  }

  /** One statement: every request begins with it. */
  async findToken(token: string): Promise<TokenScope | undefined> {
    const row = await this.#tables
      .selectFrom("token")
      .innerJoin("user", "user.id", "token.userId")
      .leftJoin("project", "project.id", "token.projectId")
      .select(["token.projectId", "token.roles", "token.methods", "token.credentialId"])
      .select(["token.issuedAt", "token.expiresAt", "project.name as projectName"])
      .select(["user.id", "user.name", "user.isEnabled", "user.defaultProjectId"])
      .where("hash", "=", sha256(token))
      .where("token.expiresAt", ">", this.#now())
      .where("user.isEnabled", "=", true)
      .where((build) => build.or([build("projectId", "is", null), build("project.isEnabled", "=", true)]))
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const { projectId, projectName, roles, methods, credentialId, issuedAt, expiresAt } = row;
    const isScoped = projectId !== null && projectName !== null;
    const project = isScoped ? { id: projectId, name: projectName, isEnabled: true } : undefined;
    const ofCredential = credentialId === null ? {} : { credentialId };
    return { user: userOf(row), project, roles, methods, ...ofCredential, issuedAt, expiresAt };
  }

  async revokeToken(token: string): Promise<void> {
    await this.#tables.deleteFrom("token").where("hash", "=", sha256(token)).execute();
  }
}

/** The condition for one who is known by id or by name. */
function named(who: { readonly id: string } | { readonly name: string }): ["id" | "name", "=", string] {
  return "id" in who ? ["id", "=", who.id] : ["name", "=", who.name];
}

function userOf({
  id,
  name,
  isEnabled,
  defaultProjectId,
}: Omit<Selectable<UserTable>, "passwordHash">): User {
  return { id, name, isEnabled, defaultProjectId: defaultProjectId ?? undefined };
}

/** Enough for what is random: nobody can try all of it (unlike passwords). */
function sha256(text: string): Uint8Array {
  return createHash("sha256").update(text, "utf8").digest();
}
