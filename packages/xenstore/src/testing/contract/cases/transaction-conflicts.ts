import type { ContractCase } from "../contract.ts";

/** What a transaction does inside, what happens outside before its end, and whether that is a conflict. */
interface Conflict {
  readonly name: string;
  readonly inside: readonly string[];
  readonly outside: readonly string[];
  readonly isConflict: boolean;
}

/**
 * C xenstored notes the generation of every node that the transaction touches, and fails when any of
 * them is another at the end. That is always safe; a store may do with fewer failures.
 */
const conflicts: readonly Conflict[] = [
  { name: "read a / write a", inside: ["READ /t/a| => 1"], outside: ["WRITE /t/a|2"], isConflict: true },
  {
    name: "read a, write b / write a",
    inside: ["READ /t/a| => 1", "WRITE /t/b|2 => OK|"],
    outside: ["WRITE /t/a|2"],
    isConflict: true,
  },
  {
    name: "read a, write b / write a with the same value",
    inside: ["READ /t/a| => 1", "WRITE /t/b|2 => OK|"],
    outside: ["WRITE /t/a|1"],
    isConflict: true,
  },
  {
    name: "read a, write b / rm a and write it again",
    inside: ["READ /t/a| => 1", "WRITE /t/b|2 => OK|"],
    outside: ["RM /t/a|", "WRITE /t/a|1"],
    isConflict: true,
  },
  { name: "write a / write a", inside: ["WRITE /t/a|2 => OK|"], outside: ["WRITE /t/a|3"], isConflict: true },
  {
    name: "read a, write a / write a",
    inside: ["READ /t/a| => 1", "WRITE /t/a|2 => OK|"],
    outside: ["WRITE /t/a|3"],
    isConflict: true,
  },
  {
    name: "write a, read a / write a",
    inside: ["WRITE /t/a|2 => OK|", "READ /t/a| => 2"],
    outside: ["WRITE /t/a|3"],
    isConflict: true,
  },
  {
    name: "write a / write b",
    inside: ["WRITE /t/a|2 => OK|"],
    outside: ["WRITE /t/b|2"],
    isConflict: false,
  },
  {
    name: "read a, write a / write b",
    inside: ["READ /t/a| => 1", "WRITE /t/a|2 => OK|"],
    outside: ["WRITE /t/b|2"],
    isConflict: false,
  },
  {
    name: "create n / create m in the same parent",
    inside: ["WRITE /t/n|1 => OK|"],
    outside: ["WRITE /t/m|1"],
    isConflict: true,
  },
  {
    name: "create n / create n",
    inside: ["WRITE /t/n|1 => OK|"],
    outside: ["WRITE /t/n|2"],
    isConflict: true,
  },
  {
    name: "create d/n / create m in the grandparent",
    inside: ["WRITE /t/d/n|1 => OK|"],
    outside: ["WRITE /t/m|1"],
    isConflict: false,
  },
  {
    name: "DIRECTORY d / create in d",
    inside: ["DIRECTORY /t/d| => e|"],
    outside: ["WRITE /t/d/n|1"],
    isConflict: true,
  },
  {
    name: "DIRECTORY d / write to a child of d",
    inside: ["DIRECTORY /t/d| => e|"],
    outside: ["WRITE /t/d/e|2"],
    isConflict: false,
  },
  {
    name: "read d / create in d",
    inside: ["READ /t/d| => 1"],
    outside: ["WRITE /t/d/n|1"],
    isConflict: true,
  },
  {
    name: "GET_PERMS a / write a",
    inside: ["GET_PERMS /t/a| => n0|"],
    outside: ["WRITE /t/a|2"],
    isConflict: true,
  },
  {
    name: "read a / SET_PERMS a",
    inside: ["READ /t/a| => 1"],
    outside: ["SET_PERMS /t/a|r0|"],
    isConflict: true,
  },
  {
    name: "write a / SET_PERMS a",
    inside: ["WRITE /t/a|2 => OK|"],
    outside: ["SET_PERMS /t/a|r0|"],
    isConflict: true,
  },
  { name: "write a / rm a", inside: ["WRITE /t/a|2 => OK|"], outside: ["RM /t/a|"], isConflict: true },
  { name: "rm a / write a", inside: ["RM /t/a| => OK|"], outside: ["WRITE /t/a|2"], isConflict: true },
  { name: "rm a / rm a", inside: ["RM /t/a| => OK|"], outside: ["RM /t/a|"], isConflict: true },
  {
    name: "rm d / write below d",
    inside: ["RM /t/d| => OK|"],
    outside: ["WRITE /t/d/e|2"],
    isConflict: true,
  },
  { name: "write d/e / rm d", inside: ["WRITE /t/d/e|2 => OK|"], outside: ["RM /t/d|"], isConflict: true },
  {
    name: "MKDIR of a / write a",
    inside: ["MKDIR /t/a| => OK|"],
    outside: ["WRITE /t/a|2"],
    isConflict: true,
  },
  {
    name: "rm of missing n / create n",
    inside: ["RM /t/n| => OK|"],
    outside: ["WRITE /t/n|1"],
    isConflict: true,
  },
  {
    name: "read of missing n / create n",
    inside: ["READ /t/n| => !ENOENT"],
    outside: ["WRITE /t/n|1"],
    isConflict: true,
  },
];

/** The same rows, and those that need more than one transaction or go on behind the conflict. */
export const transactionConflictCases: readonly ContractCase[] = [
  ...conflicts.map((conflict) => conflictCase(conflict)),
  {
    name: "conflict: of two transactions that each read what the other writes the second fails",
    given: ["/t/a n0 1", "/t/b n0 1"],
    script: `
      0 begin s => OK|
      0 begin t => OK|
      0 READ@s /t/a| => 1
      0 WRITE@s /t/b|s => OK|
      0 READ@t /t/b| => 1
      0 WRITE@t /t/a|t => OK|
      0 TRANSACTION_END@s T| => OK|
      0 TRANSACTION_END@t T| => !EAGAIN
      0 READ /t/a| => 1
      0 READ /t/b| => s
    `,
  },
  {
    name: "conflict: a transaction that fails is no conflict for another",
    given: ["/t/a n0 1", "/t/b n0 1"],
    script: `
      0 begin s => OK|
      0 begin t => OK|
      0 READ@s /t/b| => 1
      0 WRITE@s /t/a|s => OK|
      0 READ@t /t/a| => 1
      0b WRITE /t/b|2 => OK|
      0 TRANSACTION_END@s T| => !EAGAIN
      0 TRANSACTION_END@t T| => OK|
    `,
  },
  ...["READ@t /t/a| => 1", "GET_PERMS@t /t/a| => n0|", "WRITE@t /t/a|2 => OK|"].map((line) => ({
    name: `conflict: ${line.split("@")[0]} a / rm a, and then rm a inside`,
    given: ["/t/a n0 1"],
    script: `
      0 begin t => OK|
      0 ${line}
      0b RM /t/a| => OK|
      0 RM@t /t/a| => OK|
      0 TRANSACTION_END@t T| => !EAGAIN
    `,
  })),
];

function conflictCase({ name, inside, outside, isConflict }: Conflict): ContractCase {
  const lines = [
    "0 begin t => OK|",
    ...inside.map((line) => `0 ${line.replace(" ", "@t ")}`),
    ...outside.map((line) => `0b ${line} => OK|`),
    `0 TRANSACTION_END@t T| => ${isConflict ? "!EAGAIN" : "OK|"}`,
  ];
  const given = ["/t n0", "/t/a n0 1", "/t/b n0 1", "/t/d n0 1", "/t/d/e n0 1"];
  return { name: `conflict: ${name}`, given, script: lines.join("\n") };
}
