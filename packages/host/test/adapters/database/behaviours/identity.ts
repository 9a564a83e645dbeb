import assert from "node:assert/strict";
import type { ApplicationCredential, Project, TokenScope, User } from "../../../../src/index.ts";
import { hasCode } from "../../../support/has-code.ts";
import { type Behaviour, type World, at } from "../behaviour.ts";

const PASSWORD = "correct horse";

/** How users, projects, roles and tokens are kept. */
export const identityBehaviours: readonly Behaviour[] = [
  {
    name: "a user is known by id and by name, with the right password alone",
    check: async (world) => {
      const { identity } = world.database;
      const { user } = await populate(world);
      assert.deepEqual(await identity.verifyPassword({ id: user.id }, PASSWORD), user);
      assert.deepEqual(await identity.verifyPassword({ name: user.name }, PASSWORD), user);
      assert.equal(await identity.verifyPassword({ id: user.id }, `${PASSWORD} `), undefined);
      assert.equal(await identity.verifyPassword({ id: user.id }, ""), undefined);
      assert.equal(await identity.verifyPassword({ id: user.name }, PASSWORD), undefined);
      assert.equal(await identity.verifyPassword({ name: "nobody" }, PASSWORD), undefined);
      assert.deepEqual(await identity.findUser(user.id), user);
      assert.equal(await identity.findUser("none"), undefined);
      assert.deepEqual(await identity.findUserByName(user.name), user);
      assert.equal(await identity.findUserByName(user.id), undefined);
    },
  },
  {
    name: "a user who is switched off is not let in",
    check: async ({ database: { identity }, mine }) => {
      const user: User = { id: mine, name: mine, isEnabled: false, defaultProjectId: undefined };
      await identity.createUser(user, PASSWORD);
      assert.equal(await identity.verifyPassword({ id: mine }, PASSWORD), undefined);
      assert.deepEqual(await identity.findUser(mine), user);
    },
  },
  {
    name: "a user can be switched off, which ends the tokens, and on again, and is listed in both states",
    check: async ({ database: { identity }, mine, setTime }) => {
      setTime(at(0));
      const user: User = { id: mine, name: mine, isEnabled: true, defaultProjectId: undefined };
      await identity.createUser(user, PASSWORD);
      const scope = { user, project: undefined, roles: [], methods: [], issuedAt: at(0), expiresAt: at(50) };
      const token = await identity.issueToken(scope);
      const listed = async () => (await identity.users()).filter(({ id }) => id === mine);
      await identity.setEnabled(mine, false);
      assert.deepEqual(await listed(), [{ ...user, isEnabled: false }]);
      await identity.setEnabled(mine, true);
      assert.deepEqual(await listed(), [user]);
      assert.equal(await identity.findToken(token), undefined);
    },
  },
  {
    name: "names of users and of projects are unique",
    check: async (world) => {
      const { identity } = world.database;
      const { user, project } = await populate(world);
      const again = identity.createUser({ ...user, id: `${world.mine}-2` }, PASSWORD);
      await assert.rejects(again, hasCode("ALREADY_EXISTS"));
      await assert.rejects(
        identity.createProject({ ...project, id: `${world.mine}-2` }),
        hasCode("ALREADY_EXISTS"),
      );
    },
  },
  {
    name: "projects and roles are those that were granted, and a grant may come twice",
    check: async (world) => {
      const { identity } = world.database;
      const { user, project } = await populate(world);
      const other: Project = { id: `${world.mine}-other`, name: `${world.mine}-other`, isEnabled: false };
      await identity.createProject(other);
      assert.deepEqual(await identity.projectsOf(user.id), []);
      for (const role of ["reader", "member", "reader"] as const) {
        await identity.grant({ userId: user.id, projectId: project.id, role });
      }
      assert.deepEqual(await identity.projectsOf(user.id), [project]);
      assert.deepEqual(await identity.rolesOf(user.id, project.id), ["member", "reader"]);
      assert.deepEqual(await identity.rolesOf(user.id, other.id), []);
      assert.deepEqual(await identity.findProject({ name: other.name }), other);
      assert.deepEqual(await identity.findProject({ id: project.id }), project);
      assert.equal(await identity.findProject({ id: "none" }), undefined);
    },
  },
  {
    name: "a token is found with its scope until it is revoked",
    check: async (world) => {
      const { identity } = world.database;
      const scope = await scopeOf(world);
      const token = await identity.issueToken(scope);
      const other = await identity.issueToken({ ...scope, project: undefined, roles: [] });
      assert.match(token, /^[\w-]{43}$/);
      assert.notEqual(token, other);
      assert.deepEqual(await identity.findToken(token), scope);
      assert.deepEqual(await identity.findToken(other), { ...scope, project: undefined, roles: [] });
      await identity.revokeToken(token);
      await identity.revokeToken(token);
      assert.equal(await identity.findToken(token), undefined);
      assert.notEqual(await identity.findToken(other), undefined);
      assert.equal(await identity.findToken(""), undefined);
    },
  },
  {
    name: "a token is worth nothing from the moment that it expires",
    check: async (world) => {
      const { identity } = world.database;
      const token = await identity.issueToken(await scopeOf(world));
      world.setTime(new Date(at(60).getTime() - 1));
      assert.notEqual(await identity.findToken(token), undefined);
      world.setTime(at(60));
      assert.equal(await identity.findToken(token), undefined);
    },
  },
  {
    name: "a token of a user or a project that is switched off is worth nothing",
    check: async (world) => {
      const { identity } = world.database;
      const scope = await scopeOf(world);
      const user: User = {
        ...scope.user,
        id: `${world.mine}-off`,
        name: `${world.mine}-off`,
        isEnabled: false,
      };
      const project: Project = { id: `${world.mine}-off`, name: `${world.mine}-off`, isEnabled: false };
      await identity.createUser(user, PASSWORD);
      await identity.createProject(project);
      assert.equal(await identity.findToken(await identity.issueToken({ ...scope, user })), undefined);
      assert.equal(await identity.findToken(await identity.issueToken({ ...scope, project })), undefined);
    },
  },
  {
    name: "a credential is known by id and by its user's name for it, with the right secret alone",
    check: async (world) => {
      const { identity } = world.database;
      const { user, credential } = await populate(world);
      const { id, name } = credential;
      await identity.createCredential(credential, "secret");
      const byName = { name, userName: user.name };
      assert.deepEqual(await identity.verifyCredential({ id }, "secret"), credential);
      assert.deepEqual(await identity.verifyCredential(byName, "secret"), credential);
      assert.equal(await identity.verifyCredential({ id }, "Secret"), undefined);
      assert.equal(await identity.verifyCredential({ ...byName, userName: "other" }, "secret"), undefined);
      assert.equal(await identity.verifyCredential({ id: "none" }, "secret"), undefined);
    },
  },
  {
    name: "a credential is worth nothing from the moment that it expires",
    check: async (world) => {
      const { identity } = world.database;
      const { credential } = await populate(world);
      const expiring = { ...credential, expiresAt: at(60) };
      await identity.createCredential(expiring, "secret");
      world.setTime(at(59));
      assert.deepEqual(await identity.verifyCredential({ id: credential.id }, "secret"), expiring);
      world.setTime(at(60));
      assert.equal(await identity.verifyCredential({ id: credential.id }, "secret"), undefined);
    },
  },
  {
    name: "a credential of a user who is switched off is worth nothing",
    check: async (world) => {
      const { identity } = world.database;
      const { user, credential } = await populate(world);
      const off = { ...user, id: `${world.mine}-off`, name: `${world.mine}-off`, isEnabled: false };
      await identity.createUser(off, PASSWORD);
      await identity.createCredential({ ...credential, userId: off.id }, "secret");
      assert.equal(await identity.verifyCredential({ id: credential.id }, "secret"), undefined);
    },
  },
  {
    name: "a user's credentials are listed by name, expired ones too, and one of a name",
    check: async (world) => {
      const { identity } = world.database;
      const { user, credential } = await populate(world);
      const expired = { ...credential, id: `${world.mine}-2`, name: "a", expiresAt: at(1) };
      assert.deepEqual(await identity.credentials(user.id), []);
      await identity.createCredential(credential, "secret");
      await identity.createCredential(expired, "other secret");
      world.setTime(at(60));
      assert.deepEqual(await identity.credentials(user.id), [expired, credential]);
      assert.deepEqual(await identity.credentials(`${user.id}-2`), []);
      const again = identity.createCredential({ ...credential, id: `${world.mine}-3` }, "secret");
      await assert.rejects(again, hasCode("ALREADY_EXISTS"));
    },
  },
  {
    name: "a credential goes with its tokens, and with no other",
    check: async (world) => {
      const { identity } = world.database;
      const scope = await scopeOf(world);
      const ids = {
        id: `${world.mine}-credential`,
        userId: scope.user.id,
        projectId: `${world.mine}-project`,
      };
      const credential = { ...ids, name: "ci", description: "", roles: scope.roles, expiresAt: undefined };
      await identity.createCredential(credential, "secret");
      const ofCredential = { ...scope, credentialId: credential.id };
      const token = await identity.issueToken(ofCredential);
      const other = await identity.issueToken(scope);
      assert.deepEqual(await identity.findToken(token), ofCredential);
      await identity.removeCredential(credential.id);
      await identity.removeCredential(credential.id);
      assert.equal(await identity.findToken(token), undefined);
      assert.deepEqual(await identity.findToken(other), scope);
      assert.equal(await identity.verifyCredential({ id: credential.id }, "secret"), undefined);
    },
  },
];

interface People {
  readonly user: User;
  readonly project: Project;
  readonly credential: ApplicationCredential;
}

/** A user and a project, and a credential that is not created yet. */
async function populate({ database: { identity }, mine }: World): Promise<People> {
  const project: Project = { id: `${mine}-project`, name: `${mine} project`, isEnabled: true };
  const user: User = {
    id: `${mine}-user`,
    name: `${mine} user`,
    isEnabled: true,
    defaultProjectId: project.id,
  };
  await identity.createProject(project);
  await identity.createUser(user, PASSWORD);
  const ids = { id: `${mine}-credential`, userId: user.id, projectId: project.id };
  return {
    user,
    project,
    credential: { ...ids, name: "ci", description: "Of the builds", roles: ["member"], expiresAt: undefined },
  };
}

/** A scope that is worth something until the 60th second. */
async function scopeOf(world: World): Promise<TokenScope> {
  const { user, project } = await populate(world);
  world.setTime(at(0));
  return { user, project, roles: ["member"], methods: ["password"], issuedAt: at(0), expiresAt: at(60) };
}
