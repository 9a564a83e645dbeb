import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { runChecked, temporaryDirectory } from "@nova-agent/testbed";
import {
  type Credentials,
  renderClouds,
  renderOpenrc,
  writeCredentials,
} from "../../src/demo/credentials.ts";

const credentials: Credentials = {
  authUrl: "http://127.0.0.1:8774/identity/v3",
  userName: "demo",
  password: "it's $HOME `a` \\ secret",
  projectName: "demo",
};

test("a shell that reads openrc has every value as it is", async (context) => {
  const path = join(await temporaryDirectory(context), "openrc");
  await writeCredentials(join(path, ".."), { demo: credentials });
  const script = '. "$0" && printf "%s\\n" "$OS_AUTH_URL" "$OS_USERNAME" "$OS_PASSWORD" "$OS_PROJECT_NAME"';
  const told = await runChecked({ argv: ["sh", "-c", script, path], timeoutMs: 10_000 });
  const { authUrl, userName, password, projectName } = credentials;
  assert.equal(told, `${[authUrl, userName, password, projectName].join("\n")}\n`);
});

test("openrc is the first cloud's, the others are of all, and all are this user's alone", async (context) => {
  const directory = await temporaryDirectory(context);
  const reader = { ...credentials, userName: "reader" };
  const written = await writeCredentials(directory, { demo: credentials, reader });
  const { openrcPath, passwordsPath } = written;
  assert.equal(await readFile(openrcPath, "utf8"), renderOpenrc(credentials));
  const clouds = JSON.parse(await readFile(join(directory, "clouds.yaml"), "utf8")) as {
    readonly clouds: Readonly<Record<string, { readonly auth: { readonly username: string } }>>;
  };
  assert.deepEqual(Object.keys(clouds.clouds), ["demo", "reader"]);
  assert.equal(clouds.clouds["reader"]?.auth.username, "reader");
  const passwords = await readFile(passwordsPath, "utf8");
  assert.equal(passwords, `demo    ${credentials.password}\nreader  ${credentials.password}\n`);
  for (const name of ["openrc", "clouds.yaml", "passwords"]) {
    assert.equal((await stat(join(directory, name))).mode & 0o777, 0o600, name);
  }
});

test("credentials never go into a file that somebody else has put there", async (context) => {
  const directory = await temporaryDirectory(context);
  await writeCredentials(directory, { demo: credentials });
  await assert.rejects(writeCredentials(directory, { demo: credentials }), /EEXIST/);
});

test("a cloud has its password once", () => {
  assert.equal(renderClouds({ demo: credentials }).split("secret").length, 2);
});
