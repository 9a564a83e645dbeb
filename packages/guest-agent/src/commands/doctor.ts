import { answer, command, type Guest } from "./command.ts";

/**
 * `doctor`: any value, answered with what `nova-agent doctor` finds in the guest, as
 * `doctor/render-answer.ts` has it. Changes nothing.
 */
export const doctor = command({
  name: "doctor",
  gather: examineGuest,
  plan: (_value, message) => answer(message),
});

async function examineGuest({ system, root, xenstore, config }: Guest): Promise<string> {
  // Many files, which no other request needs.
  const { examine } = await import("../doctor/checks.ts");
  const { readDoctorFacts } = await import("../doctor/read-facts.ts");
  const { renderAnswer } = await import("../doctor/render-answer.ts");
  const facts = await readDoctorFacts({ system, root, user: config.passwordUser, xenstore });
  return renderAnswer({ version: facts.version, findings: examine(facts) });
}
