import { chown, mkdtemp, readdir, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { POSTGRES_TIMEOUT_MS } from "./limits.ts";
import { privateRoot } from "./private-root.ts";
import { type RunningProcess, runChecked, startProcess } from "./process.ts";
import { type Cleanup, removeDirectory } from "./temporary-directory.ts";
import { waitFor } from "./wait.ts";

/** Debian 12's PostgreSQL, its createdb and what they load. */
const PACKAGES = [
  "postgresql-15",
  "postgresql-client-15",
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
const USER = "nova";

export interface PostgresOptions {
  /** Whether what was written outlives the machine's sudden end, as in production; false without it. */
  readonly isDurable?: boolean;
}

/** A PostgreSQL server of its own on a unix socket, without TCP. */
export interface PostgresServer {
  /** Makes a database and returns its URL. */
  create(name: string): Promise<string>;
}

/** Starts it in a directory of its own; both are gone when the test ends. It needs `apt`. */
export async function startPostgres(
  cleanup: Cleanup,
  { isDurable = false }: PostgresOptions = {},
): Promise<PostgresServer> {
  const programs = await findPrograms();
  const directory = await mkdtemp(join(await realpath(tmpdir()), "nova-pg-"));
  cleanup.after(() => removeDirectory(directory));
  if (process.getuid?.() === 0) await chown(directory, NOBODY, NOBODY);
  const data = join(directory, "data");
  const initdb = ["initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync"] as const;
  await programs.run(initdb, directory);
  const settings = ["listen_addresses=", `unix_socket_directories=${directory}`, "jit=off"];
  if (!isDurable) settings.push("fsync=off");
  const argv = ["postgres", "-D", data, ...settings.flatMap((text) => ["-c", text])] as const;
  const server = programs.start(argv, directory);
  cleanup.after(async () => {
    // SIGTERM would let it wait for its clients (postgres(1)).
    server.kill("SIGINT");
    await server.exited;
  });
  await waitFor(() => server.stderr().includes("ready to accept connections") || !server.isRunning(), {
    what: "PostgreSQL",
    timeoutMs: POSTGRES_TIMEOUT_MS,
  });
  if (!server.isRunning()) throw new Error(`PostgreSQL did not start: ${server.stderr()}`);
  return {
    async create(name) {
      await programs.run(["createdb", "-h", directory, "-U", USER, name], directory);
      return `postgresql://${USER}@/${name}?host=${encodeURIComponent(directory)}`;
    },
  };
}

/** PostgreSQL's programs: a name with arguments, and the directory to run it in. */
interface Programs {
  run(argv: readonly [string, ...string[]], directory: string): Promise<string>;
  start(argv: readonly [string, ...string[]], directory: string): RunningProcess;
}

async function findPrograms(): Promise<Programs> {
  const root = await privateRoot(PACKAGES);
  const libraries = (await readdir(join(root, "usr/lib"))).filter((name) => name.endsWith("-linux-gnu"));
  const environment = {
    LD_LIBRARY_PATH: libraries.map((name) => join(root, "usr/lib", name)).join(":"),
    LC_ALL: "C",
  };
  const asNobody = ([name, ...rest]: readonly [string, ...string[]]) =>
    withoutRights([join(root, "usr/lib/postgresql/15/bin", name), ...rest]);
  return {
    run: (argv, directory) =>
      runChecked({ argv: asNobody(argv), environment, directory, timeoutMs: POSTGRES_TIMEOUT_MS }),
    start: (argv, directory) => startProcess({ argv: asNobody(argv), environment, directory }),
  };
}

/** The death of this process ends it too: setpriv(1) says so again, since a new user id takes that back. */
function withoutRights(argv: readonly string[]): readonly [string, ...string[]] {
  const user = process.getuid?.() === 0 ? [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"] : [];
  return ["setpriv", ...user, "--pdeathsig", "KILL", ...argv];
}
