import type { Difference, Differences } from "../contract.ts";

function unknownTransaction(...requests: readonly string[]): Difference {
  const rows = requests.map((request) => [`${request} => !ENOENT`, [`${request} => !EIO`]] as const);
  return { reason: "A transaction that has ended is unknown: EIO", lines: Object.fromEntries(rows) };
}

/** It replays the requests of a transaction at its end, and only a reply that differs is a conflict. */
const replayed: Difference = {
  reason: "Repeating the requests gives the same replies",
  replies: { "!EAGAIN": "OK|" },
};

/** Transactions of oxenstored 4.17: a snapshot, and a replay where the store has changed since. */
export const oxTransactionDifferences: Differences = {
  "RESET_WATCHES drops the caller's watches and transactions only":
    unknownTransaction("0 TRANSACTION_END@t T|"),
  "changes in a transaction are seen inside at once and outside after its end":
    unknownTransaction("0 READ@t /a|"),
  "a transaction belongs to the connection that began it": unknownTransaction(
    "0b READ@t /a|",
    "0b TRANSACTION_END@t F|",
  ),
  "a transaction that fails makes no event and changes nothing": unknownTransaction("0 TRANSACTION_END@t T|"),
  "TRANSACTION_START without any payload is answered": {
    reason: "A request without payload is not answered until more bytes come",
    isEndless: true,
  },
  "TRANSACTION_END wants T or F, and goes on otherwise": {
    reason: "T without its nul is taken too",
    lines: {
      "0 TRANSACTION_END@t T => !EINVAL": ["0 TRANSACTION_END@t T => OK|"],
      "0 TRANSACTION_END@t T|junk| => !EINVAL": ["0 TRANSACTION_END@t T|junk| => !EIO"],
      "0 TRANSACTION_END@t T| => OK|": ["0 TRANSACTION_END@t T| => !EIO"],
    },
  },
  "removing inside a transaction removes the subtree at its end": {
    reason: "It also makes /local, and the special nodes are children of the root",
    replies: { "tool|": "@introduceDomain|@releaseDomain|local|tool|" },
  },
  "events of a transaction come at its end, one a changed node": {
    reason: "Every request inside makes an event",
    lines: { "0b <- /a|t|": ["0b <- /a|t|", "0b <- /a|t|"] },
  },
  "a subtree removed inside a transaction makes its events from above, in the order of creation": {
    reason: "They come in the order of names",
    isUnlike: true,
  },
  "a node created and removed inside a transaction makes no event": {
    reason: "Every request inside makes an event",
    lines: {
      "0 TRANSACTION_END@t T| => OK|": ["0 TRANSACTION_END@t T| => OK|", "0b <- /d/x|t|", "0b <- /d/x|t|"],
    },
  },
  "a node is seen as it is when the transaction first touches it": {
    reason: "It is seen as it was when the transaction began",
    replies: { new: "old" },
  },
  "conflict: read a / write a": replayed,
  "conflict: read a, write b / write a with the same value": replayed,
  "conflict: read a, write b / rm a and write it again": replayed,
  "conflict: write a / write a": replayed,
  "conflict: write a, read a / write a": replayed,
  "conflict: create n / create m in the same parent": replayed,
  "conflict: create n / create n": replayed,
  "conflict: DIRECTORY d / create in d": replayed,
  "conflict: read d / create in d": replayed,
  "conflict: GET_PERMS a / write a": replayed,
  "conflict: read a / SET_PERMS a": replayed,
  "conflict: write a / SET_PERMS a": replayed,
  "conflict: write a / rm a": replayed,
  "conflict: rm a / write a": replayed,
  "conflict: rm a / rm a": replayed,
  "conflict: rm d / write below d": replayed,
  "conflict: WRITE a / rm a, and then rm a inside": replayed,
  "conflict: write d/e / rm d": replayed,
  "conflict: MKDIR of a / write a": replayed,
  "conflict: rm of missing n / create n": replayed,
  "conflict: read of missing n / create n": replayed,
};
