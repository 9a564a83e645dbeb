import type { IdentityRepository, Project, Role, TokenScope, User } from "@nova-agent/host";
import { includesRole } from "../context/caller.ts";
import { ApiError } from "../errors.ts";
import { type AuthRequest, isInDefaultDomain, type Named } from "./auth-request.ts";

/** Who somebody has shown to be, and what that is good for at most. */
interface Proof {
  readonly user: User;
  readonly methods: readonly string[];
  /** The only project it is for. */
  readonly onlyProject: string | undefined;
  /** The only roles it is for. */
  readonly onlyRoles: readonly Role[] | undefined;
  /** With which it ends. */
  readonly credentialId?: string | undefined;
  /** When what follows from it must end at the latest. */
  readonly endsAt: Date | undefined;
}

/**
 * What a token may be for that is asked for like this, and lasts no longer than `lifetimeMs`. Throws UNAUTHORIZED, in the same words whatever was
 * wrong, so that nobody learns which users and projects there are.
 */
export async function authenticate(
  identity: IdentityRepository,
  auth: AuthRequest,
  { now, lifetimeMs }: { readonly now: Date; readonly lifetimeMs: number },
): Promise<TokenScope> {
  const proof = await prove(identity, auth.identity);
  const project = await chooseProject(identity, auth.scope, proof);
  const granted = project === undefined ? [] : await identity.rolesOf(proof.user.id, project.id);
  const roles = proof.onlyRoles?.filter((role) => includesRole(granted, role)) ?? granted;
  if (project !== undefined && roles.length === 0) throw unauthorized();
  const latest = now.getTime() + lifetimeMs;
  const expiresAt = new Date(Math.min(latest, proof.endsAt?.getTime() ?? latest));
  const { user, methods, credentialId } = proof;
  const ofCredential = credentialId === undefined ? {} : { credentialId };
  return { user, project, roles, methods, ...ofCredential, issuedAt: now, expiresAt };
}

/** Whether a token comes of an application credential, directly or by other tokens. */
export function isOfCredential({ methods }: Pick<TokenScope, "methods">): boolean {
  return methods.includes("application_credential");
}

/** The name or id under which somebody authenticates. */
export function nameOf({ identity }: AuthRequest): string {
  const user = identity.password?.user ?? identity.application_credential;
  if (user === undefined) return "";
  return "id" in user ? user.id : user.name;
}

async function prove(identity: IdentityRepository, auth: AuthRequest["identity"]): Promise<Proof> {
  const [method, more] = auth.methods;
  // Asking for two ways at once is asking for both; none of ours are meant to be combined.
  if (more !== undefined) throw unauthorized();
  if (method === "password" && auth.password !== undefined)
    return await byPassword(identity, auth.password.user);
  if (method === "token" && auth.token !== undefined) return await byToken(identity, auth.token.id);
  if (method === "application_credential" && auth.application_credential !== undefined) {
    return await byCredential(identity, auth.application_credential);
  }
  throw unauthorized();
}

async function byPassword(
  identity: IdentityRepository,
  user: Named & { readonly password: string },
): Promise<Proof> {
  const found = isKnowable(user) ? await identity.verifyPassword(whoIs(user), user.password) : undefined;
  if (found === undefined) throw unauthorized();
  return {
    user: found,
    methods: ["password"],
    onlyProject: undefined,
    onlyRoles: undefined,
    endsAt: undefined,
  };
}

/** A token of a token lives no longer than the first, and is for no more. */
async function byToken(identity: IdentityRepository, token: string): Promise<Proof> {
  const scope = await identity.findToken(token);
  if (scope === undefined) throw unauthorized();
  const isCredential = isOfCredential(scope);
  return {
    user: scope.user,
    methods: [...new Set(["token", ...scope.methods])],
    onlyProject: isCredential ? scope.project?.id : undefined,
    onlyRoles: isCredential ? scope.roles : undefined,
    credentialId: scope.credentialId,
    endsAt: scope.expiresAt,
  };
}

async function byCredential(
  identity: IdentityRepository,
  asked: NonNullable<AuthRequest["identity"]["application_credential"]>,
): Promise<Proof> {
  const who = "id" in asked ? { id: asked.id } : await ownedBy(identity, asked);
  const credential = who === undefined ? undefined : await identity.verifyCredential(who, asked.secret);
  const user = credential === undefined ? undefined : await identity.findUser(credential.userId);
  if (credential === undefined || user?.isEnabled !== true) throw unauthorized();
  return {
    user,
    methods: ["application_credential"],
    onlyProject: credential.projectId,
    onlyRoles: credential.roles,
    credentialId: credential.id,
    endsAt: credential.expiresAt,
  };
}

async function ownedBy(
  identity: IdentityRepository,
  { name, user }: { readonly name: string; readonly user: Named },
): Promise<{ readonly name: string; readonly userName: string } | undefined> {
  if (!isKnowable(user)) return undefined;
  const userName = "id" in user ? (await identity.findUser(user.id))?.name : user.name;
  return userName === undefined ? undefined : { name, userName };
}

/** The project that is asked for, or the user's own when nothing is said (keystone, default_project_id). */
async function chooseProject(
  identity: IdentityRepository,
  scope: AuthRequest["scope"],
  proof: Proof,
): Promise<Project | undefined> {
  if (scope === undefined) {
    const id = proof.onlyProject ?? proof.user.defaultProjectId;
    const project = id === undefined ? undefined : await identity.findProject({ id });
    const isOwn =
      project?.isEnabled === true && (await identity.rolesOf(proof.user.id, project.id)).length > 0;
    return isOwn ? project : undefined;
  }
  if (scope === "unscoped" || "unscoped" in scope) return undefined;
  // There are no roles in the domain or the system.
  if (!("project" in scope) || !isKnowable(scope.project)) throw unauthorized();
  const project = await identity.findProject(whoIs(scope.project));
  if (project?.isEnabled !== true) throw unauthorized();
  if (proof.onlyProject !== undefined && proof.onlyProject !== project.id) throw unauthorized();
  return project;
}

function isKnowable(who: Named): boolean {
  return "id" in who || isInDefaultDomain(who.domain);
}

function whoIs(who: Named): { readonly id: string } | { readonly name: string } {
  return "id" in who ? { id: who.id } : { name: who.name };
}

function unauthorized(): ApiError {
  return new ApiError("UNAUTHORIZED", "The request you have made requires authentication.");
}
