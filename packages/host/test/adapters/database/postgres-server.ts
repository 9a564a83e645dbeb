import { chown, mkdtemp, readdir, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Cleanup,
  privateRoot,
  removeDirectory,
  runChecked,
  startProcess,
  waitFor,
} from "@nova-agent/testbed";
import { Client } from "pg";

/** Debian 12's PostgreSQL and what it loads. */
const PACKAGES = [
  "postgresql-15",
  "libpq5",
  "libgssapi-krb5-2",
  "libicu72",
  "libk5crypto3",
  "libkeyutils1",
  "libkrb5-3",
  "libkrb5support0",
  "libldap-2.5-0",
  "liblz4-1",
  "libsasl2-2",
  "libssl3",
  "libxml2",
] as const;

/** The user `nobody` of Debian: initdb and postgres refuse to run as root. */
const NOBODY = 65_534;
const SET_UP_TIMEOUT_MS = 60_000;

/** A PostgreSQL server of its own on a unix socket, without TCP. */
export interface PostgresServer {
  /** Makes a database and returns its URL. */
  create(name: string): Promise<string>;
}

/** Starts it in a directory of its own; both are gone when the test ends. */
export async function startPostgres(cleanup: Cleanup): Promise<PostgresServer> {
  const root = await privateRoot(PACKAGES);
  const libraries = (await readdir(join(root, "usr/lib"))).filter((name) => name.endsWith("-linux-gnu"));
  const programs = join(root, "usr/lib/postgresql/15/bin");
  const environment = {
    LD_LIBRARY_PATH: libraries.map((name) => join(root, "usr/lib", name)).join(":"),
    LC_ALL: "C",
  };
  const directory = await mkdtemp(join(await realpath(tmpdir()), "nova-pg-"));
  cleanup.after(() => removeDirectory(directory));
  if (process.getuid?.() === 0) await chown(directory, NOBODY, NOBODY);
  const data = join(directory, "data");
  const initdb = [
    join(programs, "initdb"),
    "-D",
    data,
    "-U",
    "nova",
    "-A",
    "trust",
    "-E",
    "UTF8",
    "--no-sync",
  ];
  await runChecked({ argv: asNobody(initdb), environment, directory, timeoutMs: SET_UP_TIMEOUT_MS });
  const settings = ["listen_addresses=", `unix_socket_directories=${directory}`, "fsync=off", "jit=off"];
  const server = startProcess({
    argv: asNobody([join(programs, "postgres"), "-D", data, ...settings.flatMap((text) => ["-c", text])]),
    environment,
    directory,
  });
  cleanup.after(async () => {
    // SIGTERM would let it wait for its clients (postgres(1)).
    server.kill("SIGINT");
    await server.exited;
  });
  await waitFor(() => server.stderr().includes("ready to accept connections") || !server.isRunning(), {
    what: "PostgreSQL",
    timeoutMs: SET_UP_TIMEOUT_MS,
  });
  if (!server.isRunning()) throw new Error(`PostgreSQL did not start: ${server.stderr()}`);
  return { create: (name) => createDatabase(directory, name) };
}

/** The death of this process ends it too: setpriv(1) says so again, since a new user id takes that back. */
function asNobody(argv: readonly string[]): readonly [string, ...string[]] {
  const user = process.getuid?.() === 0 ? [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"] : [];
  return ["setpriv", ...user, "--pdeathsig", "KILL", ...argv];
}

async function createDatabase(directory: string, name: string): Promise<string> {
  const client = new Client({ connectionString: urlOf(directory, "postgres") });
  await client.connect();
  try {
    await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
  return urlOf(directory, name);
}

function urlOf(directory: string, name: string): string {
  return `postgresql://nova@/${name}?host=${encodeURIComponent(directory)}`;
}
