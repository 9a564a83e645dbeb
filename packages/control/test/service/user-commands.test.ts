import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { type Database, openDatabase } from "@nova-agent/host/database";
import { ControlError } from "../../src/errors.ts";
import {
  parseServiceCommandLine,
  SERVICE_HELP,
  type ServiceCommand,
} from "../../src/service/command-line.ts";
import { createUser, enableUser, listUsers, setPassword } from "../../src/service/user-commands.ts";

const password = "a long password";
const ada = { name: "ada", project: "web", role: "member", password } as const;

async function open(context: TestContext): Promise<Database> {
  const database = await openDatabase({ kind: "pglite", directory: undefined });
  context.after(() => database.close());
  return database;
}

function commandOf(...args: readonly string[]): ServiceCommand {
  return parseServiceCommandLine(args).command;
}

function failure(words: RegExp) {
  return (error: unknown): boolean =>
    error instanceof ControlError && error.code === "COMMAND_FAILED" && words.test(error.message);
}

test("users are made, listed, switched off and on", async (context) => {
  const database = await open(context);
  const { identity, audit } = database;
  assert.equal(await listUsers(database), "There are no users");
  await createUser(database, ada);
  await createUser(database, { ...ada, name: "bob", role: "reader" });
  const user = await identity.findUserByName("ada");
  assert.ok(user);
  const times = { issuedAt: new Date(), expiresAt: new Date(Date.now() + 3_600_000) };
  const token = await identity.issueToken({ user, project: undefined, roles: [], methods: [], ...times });
  assert.match(await enableUser(database, { name: "ada", isEnabled: false }), /cannot sign in/);
  assert.equal(await listUsers(database), "ada: member of web (disabled)\nbob: reader of web");
  assert.equal(await identity.verifyPassword({ name: "ada" }, password), undefined);
  await enableUser(database, { name: "ada", isEnabled: true });
  assert.ok(await identity.verifyPassword({ name: "ada" }, password));
  // A token from before is not worth anything again.
  assert.equal(await identity.findToken(token), undefined);
  const rows = await audit.list({ target: user.id, limit: 9 });
  assert.deepEqual(
    rows.map(({ what }) => what),
    ["enableUser", "disableUser", "createUser"],
  );
});

test("a name that is taken is refused before a project is made", async (context) => {
  const database = await open(context);
  await createUser(database, ada);
  await assert.rejects(createUser(database, { ...ada, project: "other" }), failure(/"ada" already/));
  assert.equal(await database.identity.findProject({ name: "other" }), undefined);
});

test("a user who is not there is named", async (context) => {
  const database = await open(context);
  const isRefused = failure(/no user "Ada"/);
  await assert.rejects(setPassword(database, { name: "Ada", password }), isRefused);
  await assert.rejects(enableUser(database, { name: "Ada", isEnabled: false }), isRefused);
});

test("the commands about users are understood, and stand in the help", () => {
  assert.deepEqual(commandOf("disable-user", "ada"), { kind: "enableUser", name: "ada", isEnabled: false });
  assert.deepEqual(commandOf("enable-user", "ada"), { kind: "enableUser", name: "ada", isEnabled: true });
  assert.deepEqual(commandOf("list-users"), { kind: "listUsers" });
  for (const wrong of [["disable-user"], ["enable-user"], ["list-users", "ada"]])
    assert.throws(
      () => commandOf(...wrong),
      (error) => error instanceof ControlError && error.code === "USAGE",
    );
  for (const name of ["create-user", "set-password", "disable-user", "enable-user", "list-users"])
    assert.ok(SERVICE_HELP.includes(name), name);
});
