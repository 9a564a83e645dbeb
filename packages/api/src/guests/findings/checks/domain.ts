import { type Check, type FindingFacts, type Found, ok, problem, skipped, warning } from "../finding.ts";

/** Whether the server has a domain on its host when it should, and only then. */
export const domain: Check = { name: "domain", look: (facts) => [look(facts)] };

function look({ instance, sight }: FindingFacts): Found {
  const { vmState, taskState } = instance;
  if (taskState !== null)
    return skipped("Something is being done with the server; its domain may come or go");
  if (vmState === "error") {
    const why = instance.fault?.message ?? "nobody wrote down why";
    return problem(`The server is in error: ${why}`, "Reboot it hard, or delete it and build it anew");
  }
  if (sight === undefined) {
    if (vmState === "stopped") return warning("The server is stopped", "Start it");
    return problem("The server counts as running and has no domain", "Reboot it hard");
  }
  if (vmState === "stopped") {
    return problem(
      `The server counts as stopped and domain ${sight.domid} runs`,
      "Wait ten seconds; if it stays so, look at the log of the control service",
    );
  }
  if (sight.isIntroduced) return ok(`Domain ${sight.domid} runs`);
  return problem(
    `XenStore does not serve domain ${sight.domid}: it is being built, paused or shutting down`,
    "Wait a moment, or reboot the server hard",
  );
}
