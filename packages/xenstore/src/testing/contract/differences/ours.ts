import type { Differences } from "../contract.ts";

/** Where this package's own store does not follow C xenstored 4.17, on purpose. */
export const ourDifferences: Differences = {
  "the types of the development tree are ENOSYS where they are missing": {
    reason: "They are there",
    lines: {
      "0 GET_FEATURE => !ENOSYS": ["0 GET_FEATURE => 4|"],
      "0 SET_FEATURE 5|0| => !ENOSYS": ["0 SET_FEATURE 5|0| => !ENOENT"],
      "0 GET_QUOTA => !ENOSYS": [
        "0 GET_QUOTA => nodes node-size watches transactions transaction-nodes node-permissions path-max memory|",
      ],
      "0 SET_QUOTA nodes|1000| => !ENOSYS": ["0 SET_QUOTA nodes|1000| => OK|"],
    },
  },
  "GET_PERMS of a special node is EINVAL": {
    reason: "What SET_PERMS sets can be read, as in the development tree",
    replies: { "!EINVAL": "n0|" },
  },
  "a domain may have 128 watches": {
    reason: "C xenstored allows one more than its limit says",
    lines: { "5 WATCH /w|over| => OK|": ["5 WATCH /w|over| => !E2BIG"], "5 <- /w|over|": [] },
  },
  "a domain may have 10 transactions open": {
    reason: "C xenstored allows one more than its limit says",
    lines: { "5 begin over => OK|": ["5 begin over => !ENOSPC"] },
  },
};
