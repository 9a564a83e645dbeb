import { rm, writeFile } from "node:fs/promises";
import { APT_TIMEOUT_MS, PROBE_TIMEOUT_MS } from "./limits.ts";
import { neededDebianPackages } from "./needs.ts";
import { privateRoot } from "./private-root.ts";
import { runChecked, runProgram } from "./process.ts";
import { findXenTool, XEN_PACKAGES } from "./xen-tools.ts";

/** Where each step is told, one line a call. */
export interface InstallOptions {
  readonly log: (line: string) => void;
}

const POLICY_PATH = "/usr/sbin/policy-rc.d";

const environment = { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };

/**
 * Brings what the tests need from Debian: packages that only put files in place are installed when
 * this is root, and Xen's programs are unpacked into a private root, which anybody may. Says before
 * what it is going to do, does nothing when all is there, starts no service, removes no package.
 * Elsewhere than on Debian it does nothing. What cannot be had, for want of a network or in another
 * release, is told in a line, and the tests name what they miss.
 */
export async function installDebianPackages(options: InstallOptions): Promise<void> {
  const { log } = options;
  if (!(await hasApt())) return;
  const missing = await findMissingPackages(neededDebianPackages());
  if (missing.length > 0 && process.getuid?.() === 0) {
    log(`Installing Debian packages: ${missing.join(" ")}`);
    await orTell(log, () => withFreshLists(log, () => withoutServices(() => install(missing))));
  } else if (missing.length > 0) {
    log(`Not root, so these Debian packages stay missing: ${missing.join(" ")}`);
  }
  if ((await findXenTool("xenstored")) !== undefined) return;
  log(`Unpacking into a private root, not installing: ${XEN_PACKAGES.join(" ")}`);
  await orTell(log, () => withFreshLists(log, () => privateRoot(XEN_PACKAGES)));
}

/** A machine that lacks something runs the tests that do not need it. */
async function orTell(log: InstallOptions["log"], act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log(`That failed, and the tests that need it will say so: ${reason.trim()}`);
  }
}

/** Those of `packages` that dpkg does not know as installed. */
export async function findMissingPackages(packages: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await runProgram({
    argv: ["dpkg-query", "--show", "--showformat=${Package} ${db:Status-Abbrev}\\n", ...packages],
    timeoutMs: PROBE_TIMEOUT_MS,
  });
  const installed = new Set(stdout.split("\n").filter((line) => / .i/.test(line)));
  const names = new Set([...installed].map((line) => line.slice(0, line.indexOf(" "))));
  return packages.filter((name) => !names.has(name));
}

async function hasApt(): Promise<boolean> {
  const argv = ["sh", "-c", "command -v apt-get && command -v dpkg-query"] as const;
  return (await runProgram({ argv, timeoutMs: PROBE_TIMEOUT_MS })).status === 0;
}

async function install(packages: readonly string[]): Promise<void> {
  const flags = ["--yes", "--no-install-recommends", "--no-remove"];
  await runChecked({
    argv: ["apt-get", "install", ...flags, ...packages],
    environment,
    timeoutMs: APT_TIMEOUT_MS,
  });
}

/**
 * Does something with apt-get's lists, and does it again with new ones when it fails: old or empty lists
 * name files that the mirror no longer has. Only root can fetch them.
 */
export async function withFreshLists(log: InstallOptions["log"], act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (process.getuid?.() !== 0) throw error;
    log("Fetching Debian's package lists");
    await runChecked({ argv: ["apt-get", "update"], environment, timeoutMs: APT_TIMEOUT_MS });
    await act();
  }
}

/**
 * Forbids maintainer scripts to start services (invoke-rc.d(8), policy-rc.d). The script asks for
 * this process, so that it says yes again should it ever be left behind.
 */
async function withoutServices(act: () => Promise<void>): Promise<void> {
  const script = `#!/bin/sh\nkill -0 ${process.pid} 2>/dev/null && exit 101\nexit 0\n`;
  const isOurs = await writeFile(POLICY_PATH, script, { flag: "wx", mode: 0o755 }).then(
    () => true,
    () => false,
  );
  try {
    await act();
  } finally {
    if (isOurs) await rm(POLICY_PATH, { force: true });
  }
}
