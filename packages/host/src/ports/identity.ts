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
  readonly name: string;
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
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/** Users, projects, roles and tokens. Passwords are kept as scrypt, secrets and tokens as SHA-256. */
export interface IdentityRepository {
  createUser(user: User, password: string): Promise<void>;
  /** Revokes the user's tokens. Nothing happens to a user that is not there. */
  setPassword(userId: string, password: string): Promise<void>;
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
  createCredential(credential: ApplicationCredential, secret: string): Promise<void>;
  verifyCredential(
    who: { readonly id: string } | { readonly name: string; readonly userName: string },
    secret: string,
  ): Promise<ApplicationCredential | undefined>;
  findUser(id: string): Promise<User | undefined>;
  issueToken(scope: TokenScope): Promise<string>;
  /** Undefined for one that is unknown, revoked or expired, or whose user or project is switched off. */
  findToken(token: string): Promise<TokenScope | undefined>;
  revokeToken(token: string): Promise<void>;
}
