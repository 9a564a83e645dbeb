import type { Role } from "./requester.ts";

export interface User {
  readonly id: string;
  readonly name: string;
  readonly isEnabled: boolean;
  readonly defaultProjectId: string | undefined;
}

export interface Project {
  readonly id: string;
  readonly name: string;
  readonly isEnabled: boolean;
}

/** A secret of a user for one project, in place of the password (keystone, application credentials). */
export interface ApplicationCredential {
  readonly id: string;
  /** Of its user alone. */
  readonly name: string;
  /** In its user's words. */
  readonly description: string;
  readonly userId: string;
  readonly projectId: string;
  readonly roles: readonly Role[];
  readonly expiresAt: Date | undefined;
}

/** What a token is for. The token itself is known to its owner alone. */
export interface TokenScope {
  readonly user: User;
  /** Undefined for a token that only tells who somebody is. */
  readonly project: Project | undefined;
  readonly roles: readonly Role[];
  readonly methods: readonly string[];
  /** The application credential that it ends with. */
  readonly credentialId?: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/** Users, projects, roles and tokens. Passwords are kept as scrypt, secrets and tokens as SHA-256. */
export interface IdentityRepository {
  createUser(user: User, password: string): Promise<void>;
  /** Revokes the user's tokens. Nothing happens to a user that is not there. */
  setPassword(userId: string, password: string): Promise<void>;
  /** Ends the user's tokens when it is switched off. Nothing happens to a user that is not there. */
  setEnabled(userId: string, isEnabled: boolean): Promise<void>;
  /** By their names. */
  users(): Promise<readonly User[]>;
  createProject(project: Project): Promise<void>;
  grant(what: { readonly userId: string; readonly projectId: string; readonly role: Role }): Promise<void>;
  /** Takes as long for a user that is not there. */
  verifyPassword(
    who: { readonly id: string } | { readonly name: string },
    password: string,
  ): Promise<User | undefined>;
  findProject(who: { readonly id: string } | { readonly name: string }): Promise<Project | undefined>;
  projectsOf(userId: string): Promise<readonly Project[]>;
  rolesOf(userId: string, projectId: string): Promise<readonly Role[]>;
  /** The secret has to be one that nobody can guess. Throws ALREADY_EXISTS when the user has one of the name. */
  createCredential(credential: ApplicationCredential, secret: string): Promise<void>;
  /** By their names, those that have expired too. */
  credentials(userId: string): Promise<readonly ApplicationCredential[]>;
  /** Its tokens are worth nothing from then on. Nothing happens to one that is not there. */
  removeCredential(id: string): Promise<void>;
  verifyCredential(
    who: { readonly id: string } | { readonly name: string; readonly userName: string },
    secret: string,
  ): Promise<ApplicationCredential | undefined>;
  findUser(id: string): Promise<User | undefined>;
  findUserByName(name: string): Promise<User | undefined>;
  issueToken(scope: TokenScope): Promise<string>;
  /** Undefined for one that is unknown, revoked or expired, or whose user or project is switched off. */
  findToken(token: string): Promise<TokenScope | undefined>;
  revokeToken(token: string): Promise<void>;
}
