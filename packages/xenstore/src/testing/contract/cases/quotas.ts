import type { ContractCase } from "../contract.ts";

/** `count` lines made from one, with `#` counting from 1. */
function repeat(count: number, line: string): string {
  return Array.from({ length: count }, (_, index) => line.replaceAll("#", String(index + 1))).join("\n");
}

const own = ["/local/domain/5 n5"];

/** What an unprivileged domain may hold (xenstored(8), quotas); dom0 has no limits. */
export const quotaCases: readonly ContractCase[] = [
  {
    name: "a domain may own 1000 nodes",
    given: own,
    script: `
      ${repeat(19, "5 WRITE #/{a/*48}a|1 => OK|")}
      ${repeat(49, "5 WRITE x#|1 => OK|")}
      5 WRITE y|1 => !ENOSPC
      5 WRITE x1|2 => OK|
      5 RM x1| => OK|
      5 WRITE y|1 => OK|
      5 WRITE z|1 => !ENOSPC
    `,
  },
  {
    name: "nodes that dom0 makes for a domain count, and dom0 itself has no limit",
    given: own,
    script: `
      0 WRITE /local/domain/5/{a/*1000}a|1 => OK|
      5 WRITE x|1 => !ENOSPC
      0 WRITE /local/domain/5/x|1 => OK|
    `,
  },
  {
    name: "a domain's node may have 2048 bytes in all",
    given: own,
    script: `
      5 WRITE x|{v*2015} => OK|
      5 WRITE x|{v*2017} => !ENOSPC
      0 WRITE /local/domain/5/x|{v*4000} => OK|
    `,
  },
  {
    name: "the names of the children count for the size of a domain's directory",
    given: own,
    script: `
      5 MKDIR {a*1000}| => OK|
      5 MKDIR {b*1100}| => !ENOSPC
      5 MKDIR {b*900}| => OK|
    `,
  },
  {
    name: "a domain may have 128 watches",
    script: `
      ${repeat(128, "5 WATCH /w|#| => OK|\n5 <- /w|#|")}
      5 UNWATCH /w|1| => OK|
      5 WATCH /w|1| => OK|
      5 <- /w|1|
      5 WATCH /w|over| => OK|
      5 <- /w|over|
      5 WATCH /w|far| => !E2BIG
    `,
  },
  {
    name: "a domain may have 10 transactions open",
    script: `
      ${repeat(10, "5 begin t# => OK|")}
      5 begin over => OK|
      5 begin far => !ENOSPC
      5 TRANSACTION_END@t1 F| => OK|
      5 begin t1 => OK|
    `,
  },
  {
    name: "a domain may give a node 5 permissions",
    given: own,
    script: `
      5 SET_PERMS /local/domain/5|n5|r1|r2|r3|r4| => OK|
      5 SET_PERMS /local/domain/5|n5|r1|r2|r3|r4|r6| => !ENOSPC
      0 SET_PERMS /local/domain/5|n5|r1|r2|r3|r4|r6| => OK|
    `,
  },
  {
    name: "a transaction that went over a quota cannot be committed",
    given: ["/local/domain/5 n5", "/local/domain/5/x n5 old"],
    script: `
      5 begin t => OK|
      5 WRITE@t x|new => OK|
      5 WRITE@t x|{v*3000} => !ENOSPC
      5 TRANSACTION_END@t T| => !ENOMEM
      5 READ x| => old
    `,
  },
  {
    name: "dom0 has no limit of watches, transactions and sizes",
    script: `
      ${repeat(140, "0 WATCH /w|#| => OK|\n0 <- /w|#|")}
      ${repeat(20, "0 begin t# => OK|")}
    `,
  },
];
