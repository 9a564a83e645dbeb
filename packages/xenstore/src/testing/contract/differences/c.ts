import type { Difference, Differences } from "../contract.ts";

/** Clients have to take EIO inside a transaction for a conflict, and the transaction itself still ends in one. */
const removedBefore: Difference = {
  reason: "RM in a transaction looks outside of it whether the node is there, and fails with EIO",
  lines: { "0 RM@t /t/a| => OK|": ["0 RM@t /t/a| => !EIO"] },
};

/** Where C xenstored 4.17 is not followed: its defects. */
export const cDifferences: Differences = {
  "a path argument is exactly one string with its nul": {
    reason: "READ answers with the errno of some earlier failure",
    lines: {
      "0 READ /a => !EINVAL": ["0 READ /a => !ENOENT"],
      "0 READ /a|b| => !EINVAL": ["0 READ /a|b| => !ENOENT"],
    },
  },
  "conflict: READ a / rm a, and then rm a inside": removedBefore,
  "conflict: GET_PERMS a / rm a, and then rm a inside": removedBefore,
  "conflict: WRITE a / rm a, and then rm a inside": removedBefore,
};
