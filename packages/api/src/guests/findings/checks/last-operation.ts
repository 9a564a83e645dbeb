import { isFinished } from "@nova-agent/host";
import { type Check, ok, warning } from "../finding.ts";

/** Whether the guest did what it was asked last. */
export const lastOperation: Check = {
  name: "last operation",
  look: ({ operations }) => {
    const last = operations.find((operation) => isFinished(operation) && operation.kind !== "doctor");
    if (last === undefined) return [];
    const at = last.updatedAt.toISOString();
    if (last.state === "done") return [ok(`"${last.kind}" was done at ${at}`)];
    const why = last.error?.message ?? last.message ?? "it was not answered in time";
    return [warning(`"${last.kind}" failed at ${at}: ${why}`, "Mend what it names, and ask again")];
  },
};
