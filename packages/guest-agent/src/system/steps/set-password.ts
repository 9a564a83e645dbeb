import { encodeUtf8 } from "@nova-agent/xenstore";
import type { SetPasswordStep } from "../../plan.ts";
import { wipeableBytes } from "../../secret.ts";
import { PASSWORD_TIMEOUT_MS, REPLACED_FILE_MAX_BYTES } from "../limits.ts";
import { attributesOf, putFile } from "./files.ts";
import { runProgram } from "./program.ts";
import { type Change, type StepContext, explain, isLive, stepFailure } from "./step.ts";

const SHADOW = "/etc/shadow";
const PAM_SERVICE = "/etc/pam.d/chpasswd";

/**
 * Sets a password by chpasswd(8), which gets it through standard input and nowhere else. No argument,
 * error or log line ever holds it, and the line itself is zeroed when the program has ended.
 */
export async function setPassword(step: SetPasswordStep, context: StepContext): Promise<Change | undefined> {
  const failure = `Failed to change password for ${step.user}`;
  const password = step.password.reveal();
  // chpasswd reads one line a user and C strings.
  if (password.some((byte) => byte === 0 || byte === 0x0a || byte === 0x0d)) {
    throw stepFailure(`${failure}: it holds a line break or a NUL`);
  }
  const change = explain(failure, () => rememberShadow(context));
  const stdin = passwordLine(step.user, password);
  try {
    const call = { argv: chpasswdArgv(context), stdin, timeoutMs: PASSWORD_TIMEOUT_MS };
    await runProgram(call, { failure, hidden: password, context });
  } finally {
    stdin.fill(0);
  }
  return change;
}

function passwordLine(user: string, password: Uint8Array): Uint8Array {
  const start = encodeUtf8(`${user}:`);
  const line = wipeableBytes(start.length + password.length + 1);
  line.set(start);
  line.set(password, start.length);
  line[line.length - 1] = 0x0a;
  return line;
}

// PAM applies the distribution's own choice of hash. It cannot work where chpasswd is not one of its
// services, and the modules of another root need not fit the running C library; there chpasswd hashes
// by itself, which `-c` asks of it.
function chpasswdArgv(context: StepContext): readonly [string, ...string[]] {
  if (!isLive(context)) return ["chpasswd", "-c", "SHA512", "-R", context.root];
  const hasPam = context.files.status(context.files.resolve(PAM_SERVICE)) !== undefined;
  return hasPam ? ["chpasswd"] : ["chpasswd", "-c", "SHA512"];
}

/** Holds the hashes as they are, so that the old password can be given back; undefined without the file. */
function rememberShadow(context: StepContext): Change | undefined {
  const path = context.files.resolve(SHADOW);
  const status = context.files.status(path);
  if (status?.kind !== "file") return undefined;
  const old = context.files.read(path, REPLACED_FILE_MAX_BYTES);
  const attributes = attributesOf(path, status, context);
  return {
    undo: () => {
      explain(`Cannot restore "${SHADOW}"`, () => putFile(path, old, { attributes, context }));
      old.fill(0);
    },
    keep: () => {
      old.fill(0);
    },
  };
}
