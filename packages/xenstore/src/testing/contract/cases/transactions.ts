import type { ContractCase } from "../contract.ts";

/** Transactions but for conflicts (xenstore.txt, TRANSACTION_START and TRANSACTION_END). */
export const transactionCases: readonly ContractCase[] = [
  {
    name: "changes in a transaction are seen inside at once and outside after its end",
    given: ["/a n0 old"],
    script: `
      0 begin t => OK|
      0 WRITE@t /a|new => OK|
      0 MKDIR@t /b| => OK|
      0 READ@t /a| => new
      0 READ@t /b| => (empty)
      0 READ /a| => old
      0b READ /a| => old
      0b READ /b| => !ENOENT
      0 TRANSACTION_END@t T| => OK|
      0b READ /a| => new
      0b READ /b| => (empty)
      0 READ@t /a| => !ENOENT
    `,
  },
  {
    name: "an aborted transaction leaves nothing behind",
    given: ["/a n0 old"],
    script: `
      0 WATCH /|t| => OK|
      0 <- /|t|
      0 begin t => OK|
      0 WRITE@t /a|new => OK|
      0 RM@t /a| => OK|
      0 TRANSACTION_END@t F| => OK|
      0 READ /a| => old
    `,
  },
  {
    name: "TRANSACTION_START answers with the number of the transaction",
    script: `
      0 TRANSACTION_START | => <id>|
      0 TRANSACTION_START | => <id>|
    `,
  },
  {
    name: "TRANSACTION_START without any payload is answered",
    script: `0 TRANSACTION_START => <id>|`,
  },
  {
    name: "a transaction inside a transaction is EBUSY",
    script: `
      0 begin t => OK|
      0 TRANSACTION_START@t | => !EBUSY
      0 TRANSACTION_END@t T| => OK|
    `,
  },
  {
    name: "TRANSACTION_END without a transaction is ENOENT",
    script: `0 TRANSACTION_END T| => !ENOENT`,
  },
  {
    name: "TRANSACTION_END wants T or F, and goes on otherwise",
    given: ["/a n0 old"],
    script: `
      0 begin t => OK|
      0 WRITE@t /a|new => OK|
      0 TRANSACTION_END@t X| => !EINVAL
      0 TRANSACTION_END@t | => !EINVAL
      0 TRANSACTION_END@t T => !EINVAL
      0 TRANSACTION_END@t T|junk| => !EINVAL
      0 TRANSACTION_END@t T| => OK|
      0 READ /a| => new
    `,
  },
  {
    name: "a transaction belongs to the connection that began it",
    given: ["/a n0 v"],
    script: `
      0 begin t => OK|
      0b READ@t /a| => !ENOENT
      0b TRANSACTION_END@t F| => !ENOENT
      0 READ@t /a| => v
    `,
  },
  {
    name: "several transactions of one connection are apart",
    given: ["/a n0 old", "/b n0 old"],
    script: `
      0 begin s => OK|
      0 begin t => OK|
      0 WRITE@s /a|s => OK|
      0 WRITE@t /b|t => OK|
      0 READ@t /a| => old
      0 TRANSACTION_END@t T| => OK|
      0 READ /b| => t
      0 READ /a| => old
      0 TRANSACTION_END@s T| => OK|
      0 READ /a| => s
    `,
  },
  {
    name: "an error inside does not spoil a transaction",
    given: ["/a n0 old"],
    script: `
      0 begin t => OK|
      0 READ@t /missing| => !ENOENT
      0 WRITE@t /a.b|x => !EINVAL
      0 WRITE@t /a|new => OK|
      0 TRANSACTION_END@t T| => OK|
      0 READ /a| => new
    `,
  },
  {
    name: "permissions are checked and changed inside a transaction",
    given: ["/p n5 v", "/q n0 v"],
    script: `
      5 begin t => OK|
      5 READ@t /q| => !EACCES
      5 SET_PERMS@t /p|r5| => OK|
      5 GET_PERMS@t /p| => r5|
      5 WRITE@t /p/x|1 => OK|
      5 GET_PERMS@t /p/x| => r5|
      6 READ /p| => !EACCES
      5 TRANSACTION_END@t T| => OK|
      6 READ /p| => v
      6 READ /p/x| => 1
    `,
  },
  {
    name: "removing inside a transaction removes the subtree at its end",
    given: ["/d/e/f n0 v"],
    script: `
      0 begin t => OK|
      0 RM@t /d| => OK|
      0 READ@t /d/e/f| => !ENOENT
      0 DIRECTORY@t /| => tool|
      0 READ /d/e/f| => v
      0 TRANSACTION_END@t T| => OK|
      0 READ /d/e/f| => !ENOENT
    `,
  },
  {
    name: "a node removed and made again inside a transaction is new",
    given: ["/d/e n0 v"],
    script: `
      0 begin t => OK|
      0 RM@t /d| => OK|
      0 WRITE@t /d/x|1 => OK|
      0 DIRECTORY@t /d| => x|
      0 TRANSACTION_END@t T| => OK|
      0 DIRECTORY /d| => x|
      0 READ /d/e| => !ENOENT
    `,
  },
  {
    name: "events of a transaction come at its end, one a changed node",
    given: ["/a n0", "/b n0"],
    script: `
      0b WATCH /|t| => OK|
      0b <- /|t|
      0 begin t => OK|
      0 WRITE@t /a|1 => OK|
      0 WRITE@t /a|2 => OK|
      0 WRITE@t /b|1 => OK|
      0 TRANSACTION_END@t T| => OK|
      0b <- /a|t|
      0b <- /b|t|
    `,
  },
  {
    name: "a subtree removed inside a transaction makes its events from above, in the order of creation",
    given: ["/a/z/1 n0", "/a/z/2/x n0", "/a/b n0"],
    script: `
      0b WATCH /a/b|t| => OK|
      0b <- /a/b|t|
      0b WATCH /a/z/2/x|t| => OK|
      0b <- /a/z/2/x|t|
      0b WATCH /a/z|t| => OK|
      0b <- /a/z|t|
      0b WATCH /a/z/1|t| => OK|
      0b <- /a/z/1|t|
      0b WATCH /a|t| => OK|
      0b <- /a|t|
      0 begin t => OK|
      0 RM@t /a| => OK|
      0 TRANSACTION_END@t T| => OK|
      0b <- /a|t|
      0b <- /a/z|t|
      0b <- /a/z/1|t|
      0b <- /a/z/2/x|t|
      0b <- /a/b|t|
    `,
  },
  {
    name: "a node created and removed inside a transaction makes no event",
    given: ["/d n0"],
    script: `
      0b WATCH /d/x|t| => OK|
      0b <- /d/x|t|
      0 begin t => OK|
      0 WRITE@t /d/x|1 => OK|
      0 RM@t /d/x| => OK|
      0 TRANSACTION_END@t T| => OK|
    `,
  },
  {
    name: "a transaction that fails makes no event and changes nothing",
    given: ["/a n0 old", "/b n0 old"],
    script: `
      0 begin t => OK|
      0 READ@t /a| => old
      0 WRITE@t /b|new => OK|
      0b WRITE /a|other => OK|
      0b WATCH /b|t| => OK|
      0b <- /b|t|
      0 TRANSACTION_END@t T| => !EAGAIN
      0 READ /b| => old
      0 TRANSACTION_END@t T| => !ENOENT
    `,
  },
  {
    name: "a node is seen as it is when the transaction first touches it",
    given: ["/a n0 old"],
    script: `
      0 begin t => OK|
      0b WRITE /a|new => OK|
      0 READ@t /a| => new
      0 TRANSACTION_END@t T| => OK|
    `,
  },
];
