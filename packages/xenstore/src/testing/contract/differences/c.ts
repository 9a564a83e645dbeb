import type { Differences } from "../contract.ts";

/** Where C xenstored 4.17 is not followed: its defects. */
export const cDifferences: Differences = {
  "a path argument is exactly one string with its nul": {
    reason: "READ answers with the errno of some earlier failure",
    lines: {
      "0 READ /a => !EINVAL": ["0 READ /a => !ENOENT"],
      "0 READ /a|b| => !EINVAL": ["0 READ /a|b| => !ENOENT"],
    },
  },
};
