import type { ContractCase } from "../contract.ts";

/** DIRECTORY_PART, for directories that fit in no packet (xenstore.txt). */
export const directoryPartCases: readonly ContractCase[] = [
  {
    name: "DIRECTORY_PART gives the names from an offset, and an empty one at the end",
    given: ["/d n0", "/d/one n0", "/d/two n0"],
    script: `
      0 DIRECTORY_PART /d|0| => <gen 1>|one|two||
      0 DIRECTORY_PART /d|4| => <gen 1>|two||
      0 DIRECTORY_PART /d|8| => <gen 1>||
      0 DIRECTORY_PART /d|100| => <gen 1>||
      0 DIRECTORY_PART /d/one|0| => <gen 2>||
    `,
  },
  {
    name: "the generation changes with the node and the set of its children",
    given: ["/d n0", "/d/one n0"],
    script: `
      0 DIRECTORY_PART /d|0| => <gen 1>|one||
      0 WRITE /d/one|x => OK|
      0 DIRECTORY_PART /d|0| => <gen 1>|one||
      0 WRITE /d/two|x => OK|
      0 DIRECTORY_PART /d|0| => <gen 2>|one|two||
      0 WRITE /d|x => OK|
      0 DIRECTORY_PART /d|0| => <gen 3>|one|two||
      0 SET_PERMS /d|r0| => OK|
      0 DIRECTORY_PART /d|0| => <gen 4>|one|two||
      0 RM /d/one| => OK|
      0 DIRECTORY_PART /d|0| => <gen 5>|two||
    `,
  },
  {
    name: "DIRECTORY_PART checks its arguments as DIRECTORY does",
    given: ["/d n0"],
    script: `
      0 DIRECTORY_PART /d| => !EINVAL
      0 DIRECTORY_PART /d|0|0| => !EINVAL
      0 DIRECTORY_PART /missing|0| => !ENOENT
      5 DIRECTORY_PART /d|0| => !EACCES
    `,
  },
  {
    name: "a directory that fits in no packet is E2BIG, and is read in parts of whole names",
    given: ["/d n0", "/d/{a*2000} n0", "/d/{b*2000} n0", "/d/{c*2000} n0"],
    script: `
      0 DIRECTORY /d| => !E2BIG
      0 DIRECTORY_PART /d|0| => <gen 1>|{a*2000}|{b*2000}|
      0 DIRECTORY_PART /d|4002| => <gen 1>|{c*2000}||
    `,
  },
];
