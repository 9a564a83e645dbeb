import { printable } from "../../printable.ts";
import type { DoctorFacts, WaitingRequest } from "../facts.ts";
import { type Check, type Found, orOk, problem, skipped, warning } from "../finding.ts";
import { isLive, restartingFix } from "../fixes.ts";

/** Codes of answers that tell of no failure; hosts take 500 for a success of a reset of the network. */
const GOOD_CODES: ReadonlySet<string> = new Set(["0", "D0"]);

/** Whether requests wait, hang or have failed. */
export const requests: Check = {
  name: "requests",
  look: (facts) => {
    if (!facts.xenstore.isReached) return [skipped("XenStore does not answer")];
    const { waiting, failures } = facts.xenstore;
    const served = facts.running?.status?.requests ?? [];
    const answered = failures.map(({ id, returncode, message }) =>
      failed(`${id} (${returncode}: ${message})`),
    );
    const known = new Set(failures.map(({ id }) => id));
    const recorded = served
      .filter(({ id, returncode }) => !GOOD_CODES.has(returncode) && !known.has(id))
      .map(({ id, name, returncode }) => failed(`${name} ${id} (${returncode})`));
    return orOk([...lookAtWaiting(waiting, facts), ...answered, ...recorded], "None waits, none has failed");
  },
};

function failed(what: string): Found {
  return warning(
    `A request has failed: ${printable(what)}`,
    "Mend what it names, and have the host ask again",
  );
}

function lookAtWaiting(waiting: readonly WaitingRequest[], facts: DoctorFacts): Found[] {
  if (waiting.length === 0) return [];
  const names = waiting.map(({ id, name }) => `${name ?? "no request"} ${id}`).join(", ");
  if (!isLive(facts)) {
    return [
      warning(
        `Requests wait: ${printable(names)}`,
        "Start the guest from its own disk; its agent serves them",
      ),
    ];
  }
  const inHand = facts.running?.status?.inHand;
  if (inHand !== undefined) {
    const forSeconds = Math.round(facts.unixTime - inHand.since);
    const what = `${inHand.name} ${inHand.id} has been worked on for ${forSeconds} s`;
    return [warning(`${printable(what)}; ${waiting.length} wait`, "Wait; after 5 minutes it is given up")];
  }
  return [
    problem(`Requests wait and nobody serves them: ${printable(names)}`, restartingFix("nova-agent", facts)),
  ];
}
