import { parseGuestReport } from "@nova-agent/host";
import { type Check, ok, skipped, warning } from "../finding.ts";

/** Whether the guest tells what it is: without that the host sees no addresses and no memory. */
export const xeDaemon: Check = {
  name: "xe-daemon",
  look: ({ sight }) => {
    if (sight === undefined) return [skipped("Without a domain no guest tells of itself")];
    if (parseGuestReport(sight.nodes).isPublished) return [ok("The guest tells of itself")];
    const what = "The guest tells nothing of itself: no system, no memory and no addresses are seen";
    return [warning(what, "Have xe-daemon run in the guest; the package nova-agent brings it")];
  },
};
