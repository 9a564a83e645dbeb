import type { Difference, Differences } from "../contract.ts";
import { oxTransactionDifferences } from "./ox-transactions.ts";

const unknownTransaction: Difference = {
  reason: "An unknown transaction is EIO",
  replies: { "!ENOENT": "!EIO" },
};

const noDirectoryPart: Difference = { reason: "DIRECTORY_PART is not there (ENOSYS)", isUnlike: true };

const valueQuota: Difference = {
  reason: "Values are limited to 2048 bytes, also for dom0, with E2BIG; nothing else counts for a size",
  isUnlike: true,
};

/** oxenstored 4.17. Where it does otherwise than C xenstored, clients have to live with either. */
export const oxDifferences: Differences = {
  ...oxTransactionDifferences,
  "a type that does not exist is ENOSYS, even in an unknown transaction": {
    reason: "The transaction is looked for first",
    lines: { "0 TYPE27@99 | => !ENOSYS": ["0 TYPE27@99 | => !EIO"] },
  },
  "the types of the development tree are ENOSYS where they are missing": {
    reason: "A request without payload is not answered until more bytes come",
    isEndless: true,
  },
  "a request of more than 4096 bytes costs its sender the connection": {
    reason: "The length is clamped, and the server out of step with the stream from there on",
    isEndless: true,
  },
  "an unknown transaction id is ENOENT": unknownTransaction,
  "WATCH and UNWATCH ignore the transaction id": {
    reason: "The reply has transaction id 0",
    isUnlike: true,
  },
  "a domain may not send CONTROL": {
    reason: "A domain's CONTROL does nothing",
    replies: { "!EACCES": "OK|" },
  },
  "an unknown CONTROL command is EINVAL": {
    reason: "Unknown commands do nothing",
    replies: { "!EINVAL": "OK|" },
  },
  "a new store holds /tool/xenstored": {
    reason: "It also makes /local, and the special nodes are children of the root",
    replies: { "tool|": "@introduceDomain|@releaseDomain|local|tool|" },
  },
  "RM of the root is EINVAL": { reason: "It does nothing", replies: { "!EINVAL": "OK|" } },
  "DIRECTORY lists the children in the order of their creation": {
    reason: "Names are sorted",
    replies: { "z|m|b|": "b|m|z|", "m|b|z|": "b|m|z|" },
  },
  "the largest packet carries a value of 4096 bytes less the path": valueQuota,
  "a path that begins with an at sign is for watches and permissions": {
    reason: "They are nodes like any other",
    lines: {
      "0 WRITE @foo|1 => !EINVAL": ["0 WRITE @foo|1 => OK|"],
      "0 READ @foo| => !EINVAL": ["0 READ @foo| => 1"],
      "0 MKDIR @foo| => !EINVAL": ["0 MKDIR @foo| => OK|"],
      "0 RM @foo| => !EINVAL": ["0 RM @foo| => OK|"],
      "0 DIRECTORY @foo| => !EINVAL": ["0 DIRECTORY @foo| => !ENOENT"],
    },
  },
  "a path of 2048 bytes is the longest": {
    reason: "Debian's configuration allows 1024, and watches are not checked",
    isUnlike: true,
  },
  "a domain's own prefix does not count for the length of a path": {
    reason: "Debian's configuration allows 1024",
    replies: { "OK|": "!EINVAL", "1": "!EINVAL" },
  },
  "what a domain creates is its own, with the other entries of the parent": {
    reason: "It belongs to the owner of the parent",
    replies: { "n6|b6|": "n5|b6|", "!EACCES": "(empty)" },
  },
  "a missing node is ENOENT to who has the right where it would be, else EACCES": {
    reason: "It is always ENOENT, and removing it always works",
    lines: {
      "5 READ /n/missing| => !EACCES": ["5 READ /n/missing| => !ENOENT"],
      "5 DIRECTORY /n/missing| => !EACCES": ["5 DIRECTORY /n/missing| => !ENOENT"],
      "5 GET_PERMS /n/missing| => !EACCES": ["5 GET_PERMS /n/missing| => !ENOENT"],
      "5 READ /w/missing| => !EACCES": ["5 READ /w/missing| => !ENOENT"],
      "5 RM /n/missing| => !EACCES": ["5 RM /n/missing| => OK|"],
    },
  },
  "SET_PERMS of a missing node is ENOENT to who may write where it would be": {
    reason: "It is always ENOENT",
    replies: { "!EACCES": "!ENOENT" },
  },
  "only the owner may change permissions, and may not give the node away": {
    reason: "Giving a node away is EACCES",
    replies: { "!EPERM": "!EACCES" },
  },
  "an owner that does not exist is ENOENT": {
    reason: "It is not checked",
    replies: { "!ENOENT": "OK|" },
  },
  "an entry for a domain that does not exist yet is kept but never of effect": {
    reason: "It holds as soon as the domain is there",
    replies: { "!EACCES": "v" },
  },
  "both domains of SET_TARGET have to be introduced": {
    reason: "Only the first is checked",
    lines: { "0 SET_TARGET 5|77| => !ENOENT": ["0 SET_TARGET 5|77| => OK|"] },
  },
  "a watch on the root fires for everything": {
    reason: "A write to the root itself fires nothing",
    lines: { "0b <- /|t|": [], "0b WATCH /|t| => OK|": ["0b WATCH /|t| => OK|", "0b <- /|t|"] },
  },
  "removing a subtree fires for what is deepest first, in the order of creation": {
    reason: "Events come from the root down, in the order of names",
    isUnlike: true,
  },
  "removing a subtree fires nothing for a node that was not there": {
    reason: "Every watch below fires",
    lines: { "0 RM /a/b| => OK|": ["0 RM /a/b| => OK|", "0b <- /a/b/missing|t|"] },
  },
  "the event of an own change comes before its reply": {
    reason: "It comes behind the reply",
    lines: {
      "0 WRITE /a|x => /a|t| then OK|": ["0 WRITE /a|x => OK|", "0 <- /a|t|"],
      "0 RM /a| => /a|t| then OK|": ["0 RM /a| => OK|", "0 <- /a|t|"],
    },
  },
  "several watches of a connection each get the event": {
    reason: "Events come from the root down",
    lines: {
      "0 WRITE /a/b/c|x => OK|": ["0 WRITE /a/b/c|x => OK|", "0b <- /a/b/c|3|"],
      "0b <- /a/b/c|3|": [],
    },
  },
  "an event too long for a packet is not sent": {
    reason: "It is sent all the same, which no client can read",
    isUnlike: true,
  },
  "GET_PERMS of a special node is EINVAL": {
    reason: "Special nodes are nodes",
    replies: { "!EINVAL": "n0|" },
  },
  "DIRECTORY_PART gives the names from an offset, and an empty one at the end": noDirectoryPart,
  "the generation changes with the node and the set of its children": noDirectoryPart,
  "DIRECTORY_PART checks its arguments as DIRECTORY does": noDirectoryPart,
  "a directory that fits in no packet is E2BIG, and is read in parts of whole names": noDirectoryPart,
  "a domain may own 1000 nodes": { reason: "Quotas are EQUOTA", replies: { "!ENOSPC": "!EQUOTA" } },
  "nodes that dom0 makes for a domain count, and dom0 itself has no limit": {
    reason: "Debian's configuration allows paths of 1024 bytes",
    isUnlike: true,
  },
  "a domain's node may have 2048 bytes in all": valueQuota,
  "the names of the children count for the size of a domain's directory": valueQuota,
  "a domain may have 128 watches": { reason: "It may have 101, then EQUOTA", isUnlike: true },
  "a domain may have 10 transactions open": {
    reason: "Quotas are EQUOTA",
    replies: { "!ENOSPC": "!EQUOTA" },
  },
  "a domain may give a node 5 permissions": {
    reason: "There is no such limit",
    replies: { "!ENOSPC": "OK|" },
  },
  "a transaction that went over a quota cannot be committed": {
    reason: "A value that is too long does not spoil it",
    replies: { "!ENOSPC": "!E2BIG", "!ENOMEM": "OK|", old: "new" },
  },
  "INTRODUCE wants three arguments, a port and a domain that exists": {
    reason: "A domain that does not exist is EINVAL",
    replies: { "!ENOENT": "!EINVAL" },
  },
  "RELEASE and RESUME of a domain that is not introduced are ENOENT": {
    reason: "It is EINVAL, and RESUME of dom0 does nothing",
    replies: { "!ENOENT": "!EINVAL", "!EINVAL": "OK|" },
  },
  "RELEASE of dom0 is EINVAL": { reason: "It removes every node", isUnlike: true },
  "INTRODUCE again drops the domain's watches and transactions": {
    reason: "It changes nothing",
    lines: {
      "0 WRITE /p|x => OK|": ["0 WRITE /p|x => OK|", "5 <- /p|t|"],
      "5 TRANSACTION_END@t T| => !ENOENT": ["5 TRANSACTION_END@t T| => OK|"],
    },
  },
};
