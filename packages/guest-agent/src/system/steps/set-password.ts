import { decodeLatin1, encodeUtf8 } from "@nova-agent/xenstore";
import { SystemError } from "../../errors.ts";
import type { SetPasswordStep } from "../../plan.ts";
import { wipeableBytes } from "../../secret.ts";
import { PASSWORD_TIMEOUT_MS, REPLACED_FILE_MAX_BYTES } from "../limits.ts";
import { type RootedFiles, rootFiles } from "../rooted-files.ts";
import { attributesOf } from "./files.ts";
import type { RestoreFile } from "../undo-record.ts";
import { runProgram } from "./program.ts";
import { type Prepared, type StepContext, explain, isLive, stepFailure } from "./step.ts";

const SHADOW = "/etc/shadow";
const PASSWD = "/etc/passwd";
/** Where a program is made a PAM service: by the administrator, or by the distribution (pam.d(5)). */
const PAM_SERVICES: readonly string[] = ["/etc", "/usr/etc", "/usr/lib"].map((at) => `${at}/pam.d/chpasswd`);
/** Where chpasswd(8) is on the distributions, in the order of the usual PATH. */
const PROGRAM_DIRECTORIES: readonly string[] = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/**
 * Sets a password by chpasswd(8), which gets it through standard input and nowhere else. No argument,
 * error or log line ever holds it, and the line itself is zeroed when the program has ended.
 */
export function setPassword(step: SetPasswordStep, context: StepContext): Prepared {
  const failure = `Failed to change password for ${step.user}`;
  const password = step.password.reveal();
  // chpasswd reads one line a user and C strings.
  if (password.some((byte) => byte === 0 || byte === 0x0a || byte === 0x0d)) {
    throw stepFailure(`${failure}: it holds a line break or a NUL`);
  }
  const shadow = explain(failure, () => readShadow(context));
  return {
    undo: shadow === undefined ? [] : [shadow],
    act: () => runChpasswd(step, context),
    end: () => {
      shadow?.content.fill(0);
    },
  };
}

async function runChpasswd(step: SetPasswordStep, context: StepContext): Promise<void> {
  const password = step.password.reveal();
  const stdin = passwordLine(step.user, password);
  try {
    const call = { argv: chpasswdArgv(context), stdin, timeoutMs: PASSWORD_TIMEOUT_MS };
    await runProgram(call, { failure: failureOf(step.user, context), hidden: [password], context });
  } finally {
    stdin.fill(0);
  }
}

function passwordLine(user: string, password: Uint8Array): Uint8Array {
  const start = encodeUtf8(`${user}:`);
  const line = wipeableBytes(start.length + password.length + 1);
  line.set(start);
  line.set(password, start.length);
  line[line.length - 1] = 0x0a;
  return line;
}

/** Begins the message of a chpasswd that failed; PAM's own words do not say that there is no such user. */
function failureOf(user: string, { files }: StepContext): string {
  const failure = `Failed to change password for ${user}`;
  try {
    const accounts = decodeLatin1(files.read(PASSWD, REPLACED_FILE_MAX_BYTES));
    // Said and not acted upon: the accounts of a directory service are in no file.
    return `\n${accounts}`.includes(`\n${user}:`) ? failure : `${failure}, who is not in ${PASSWD}`;
  } catch (error) {
    if (error instanceof SystemError) return failure;
    throw error;
  }
}

// PAM applies the distribution's own choice of hash. It cannot work where chpasswd is not one of its
// services, and the modules of another root need not fit the running C library; there chpasswd hashes
// by itself, which `-c` asks of it. Busybox knows no PAM, and its methods in small letters only.
function chpasswdArgv(context: StepContext): readonly [string, ...string[]] {
  const method = isBusybox(context) ? "sha512" : "SHA512";
  if (!isLive(context)) return ["chpasswd", "-c", method, "-R", context.root];
  const hasPam = method === "SHA512" && PAM_SERVICES.some((path) => isFile(path, context.files));
  return hasPam ? ["chpasswd"] : ["chpasswd", "-c", method];
}

/** Whether the chpasswd that will run is busybox under another name: the agent's own, whatever the root. */
function isBusybox({ system }: StepContext): boolean {
  const files = rootFiles(system.files, "/");
  const programs = PROGRAM_DIRECTORIES.map((directory) => files.resolve(`${directory}/chpasswd`));
  const target = programs.find((path) => files.status(path) !== undefined);
  return target !== undefined && /\/busybox[^/]*$/.test(target);
}

function isFile(path: string, files: RootedFiles): boolean {
  return files.status(files.resolve(path))?.kind === "file";
}

/** The hashes as they are, so that the old password can be given back; undefined without the file. */
function readShadow(context: StepContext): RestoreFile | undefined {
  const path = context.files.resolve(SHADOW);
  const status = context.files.status(path);
  if (status?.kind !== "file") return undefined;
  const content = context.files.read(path, REPLACED_FILE_MAX_BYTES);
  return { undo: "restoreFile", path, content, attributes: attributesOf(path, status, context) };
}
