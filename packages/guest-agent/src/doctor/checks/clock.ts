import { type Check, ok, problem, skipped, warning } from "../finding.ts";
import { isLive } from "../fixes.ts";
import { CLOCK_EARLIEST_UNIX_TIME } from "../limits.ts";

/** Whether the clock can be right: certificates and accounts expire by it. */
export const clock: Check = {
  name: "clock",
  look: (facts) => {
    const { unixTime, isClockKept } = facts;
    const now = new Date(unixTime * 1000).toISOString().slice(0, 16);
    if (unixTime < CLOCK_EARLIEST_UNIX_TIME) {
      return [
        problem(`It is ${now} here, which is past`, 'date -s "YYYY-MM-DD HH:MM"; timedatectl set-ntp true'),
      ];
    }
    if (!isLive(facts)) return [skipped("Another system's disk is looked at")];
    if (isClockKept === false)
      return [warning(`It is ${now} UTC here, and nobody keeps it right`, "timedatectl set-ntp true")];
    return [ok(`It is ${now} UTC`)];
  },
};
