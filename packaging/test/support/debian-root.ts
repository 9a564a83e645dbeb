import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import {
  privateRoot,
  type ProgramOutcome,
  runChecked,
  runProgram,
  temporaryDirectory,
} from "@nova-agent/testbed";
import { PROGRAM_TIMEOUT_MS } from "./limits.ts";

/** What every Debian system has, as far as scripts of packages and services call on it. */
const base = (
  "base-files base-passwd bash coreutils dash debianutils diffutils dpkg findutils grep hostname " +
  "init-system-helpers libc-bin mount perl-base procps sed sysvinit-utils tar util-linux " +
  // Without it apt-get would take usrmerge, which needs all of Perl.
  "usr-is-merged"
).split(" ");

/** A Debian system of its own. */
interface RootOptions {
  /** Packages beside the usual ones, with all that they depend on. */
  readonly packages: readonly string[];
  /** Packages without what they depend on: only their files are looked at. */
  readonly filesOf?: readonly string[];
}

/** A root of Debian that the test may change; nothing in it is configured or runs. */
export async function debianRoot(context: TestContext, options: RootOptions): Promise<string> {
  const root = await temporaryDirectory(context);
  const all = await withDependencies([...base, ...options.packages]);
  await copyTree(await privateRoot(all), root);
  const others = options.filesOf ?? [];
  if (others.length > 0) await copyTree(await privateRoot(others), root);
  for (const folder of ["proc", "dev", "run", "tmp", "var/lib/dpkg/info", "var/lib/dpkg/updates"]) {
    await mkdir(join(root, folder), { recursive: true });
  }
  for (const file of ["status", "available"]) await writeFile(join(root, "var/lib/dpkg", file), "");
  for (const name of ["passwd", "group"]) {
    const master = join(root, "usr/share/base-passwd", `${name}.master`);
    await cp(master, join(root, "etc", name));
  }
  return root;
}

async function copyTree(from: string, to: string): Promise<void> {
  await runChecked({ argv: ["cp", "-a", "--reflink=auto", `${from}/.`, to], timeoutMs: PROGRAM_TIMEOUT_MS });
}

/** The packages and all that they depend on, by apt-get's own reckoning for an empty system. */
async function withDependencies(packages: readonly string[]): Promise<readonly string[]> {
  const options = ["-o", "Dir::State::status=/dev/null", "--no-install-recommends", "--simulate"];
  const said = await runChecked({
    argv: ["apt-get", ...options, "install", ...packages],
    environment: { LC_ALL: "C" },
    timeoutMs: PROGRAM_TIMEOUT_MS,
  });
  return [...said.matchAll(/^Inst (\S+)/gm)].map(([, name = ""]) => name);
}

/** As what a program runs in a root: inside of a chroot, or as if the root were the whole machine. */
export type Manner = "chroot" | "machine";

/** What is run in a root, and how. */
interface CommandOptions {
  readonly argv: readonly string[];
  readonly manner: Manner;
  /** Whether it has the machine's network, to be asked from outside, and none of its own. */
  readonly isOnNetwork?: boolean;
}

/** The command that runs a program in a root, in namespaces of its own; all of it ends with it. */
export function commandIn(
  root: string,
  { argv, manner, isOnNetwork = false }: CommandOptions,
): readonly [string, ...string[]] {
  const mounts = 'mount --rbind /dev "$0/dev" && mount -t proc proc "$0/proc"';
  // The first process tells a chroot from the machine.
  const run = manner === "machine" ? 'exec chroot "$0" "$@"' : 'chroot "$0" "$@"';
  // With --uts above all: the agent sets host names.
  const network = isOnNetwork ? [] : ["--net"];
  const namespaces = ["--mount", "--uts", "--ipc", ...network, "--pid", "--fork", "--kill-child"];
  return ["unshare", ...namespaces, "sh", "-c", `${mounts} && ${run}`, root, ...argv];
}

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Variables of programs in a root. */
export const rootEnvironment = {
  PATH,
  LC_ALL: "C",
  DEBIAN_FRONTEND: "noninteractive",
  TMPDIR: undefined,
  // A file of the machine.
  NODE_EXTRA_CA_CERTS: undefined,
};

/** Runs a line of a shell in a root. */
export function runIn(root: string, line: string, manner: Manner = "chroot"): Promise<ProgramOutcome> {
  return runProgram({
    argv: commandIn(root, { argv: ["/bin/sh", "-c", line], manner }),
    environment: rootEnvironment,
    timeoutMs: PROGRAM_TIMEOUT_MS,
  });
}

/** The same for what has to succeed; resolves with all that it said. */
export async function runInChecked(root: string, line: string, manner: Manner = "chroot"): Promise<string> {
  const { status, stdout, stderr } = await runIn(root, line, manner);
  if (status !== 0) throw new Error(`${line}\nended with status ${status}\n${stdout}${stderr}`);
  return stdout + stderr;
}
