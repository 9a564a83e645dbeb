import { decodeUtf8, encodeUtf8 } from "@nova-agent/xenstore";
import type { ResetPasswordStep } from "../../plan.ts";
import { REPLACED_FILE_MAX_BYTES } from "../limits.ts";
import { withPassword } from "../shadow-file.ts";
import type { RestoreFile } from "../undo-record.ts";
import { attributesOf, parentOf, putFile, sweepTemporaries } from "./files.ts";
import { hashPassword } from "./hash-password.ts";
import { explain, type Prepared, type StepContext, stepFailure } from "./step.ts";

const SHADOW = "/etc/shadow";
const SECONDS_A_DAY = 86_400;

/**
 * Sets a password in the files of another system: chpasswd(8) takes a working PAM or its own library there,
 * and a disk that needs to be rescued has often neither. What the files were is taken back with a failed
 * plan and kept nowhere else: an old hash is no original that anybody wants back.
 */
export async function resetPassword(step: ResetPasswordStep, context: StepContext): Promise<Prepared> {
  const failure = `Failed to change password for ${step.user}`;
  const shadow = explain(failure, () => readShadow(failure, context));
  const hash = await hashPassword(step.password.reveal(), context.system);
  const today = Math.floor(context.system.unixTime() / SECONDS_A_DAY);
  const { path, content, attributes } = shadow;
  const text = decodeUtf8(content);
  if (text === undefined) throw stepFailure(`${failure}: ${SHADOW} is no text`);
  const changed = encodeUtf8(withPassword(text, { user: step.user, hash, today }));
  const write = () => {
    sweepTemporaries(parentOf(path), context);
    putFile(path, changed, { attributes, context });
  };
  return {
    undo: [shadow],
    act: () => explain(failure, write),
    end: () => {
      content.fill(0);
      changed.fill(0);
    },
  };
}

function readShadow(failure: string, { files, ...context }: StepContext): RestoreFile {
  const path = files.resolve(SHADOW);
  const status = files.status(path);
  if (status?.kind !== "file") throw stepFailure(`${failure}: there is no ${SHADOW}`);
  const content = files.read(path, REPLACED_FILE_MAX_BYTES);
  return {
    undo: "restoreFile",
    path,
    content,
    attributes: attributesOf(path, status, { files, ...context }),
  };
}
