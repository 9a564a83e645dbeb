import type { Guest } from "../commands/command.ts";
import { examine } from "./checks.ts";
import { readDoctorFacts } from "./read-facts.ts";
import { renderAnswer } from "./render-answer.ts";

/** Examines the guest while it serves the host's request, and says what to answer. Changes nothing. */
export async function answerHost({ system, root, xenstore, config }: Guest): Promise<string> {
  const facts = await readDoctorFacts({ system, root, user: config.passwordUser, xenstore });
  return renderAnswer({ version: facts.version, findings: examine(facts) });
}
