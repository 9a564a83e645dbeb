import { answer, command } from "./command.ts";

/**
 * `doctor`: any value, answered with what `nova-agent doctor` finds in the guest, as
 * `doctor/render-answer.ts` has it. Changes nothing.
 */
export const doctor = command({
  name: "doctor",
  gather: async (guest) => {
    // Many files, which no other request needs.
    const { answerHost } = await import("../doctor/answer-host.ts");
    return answerHost(guest);
  },
  plan: (_value, message) => answer(message),
});
