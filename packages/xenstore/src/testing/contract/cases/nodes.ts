import type { ContractCase } from "../contract.ts";

/** Nodes and their values (xenstore.txt, READ, WRITE, MKDIR, RM, DIRECTORY). */
export const nodeCases: readonly ContractCase[] = [
  {
    name: "a new store holds /tool/xenstored",
    script: `
      0 DIRECTORY /| => tool|
      0 DIRECTORY /tool| => xenstored|
      0 GET_PERMS /| => n0|
      0 GET_PERMS /tool| => n0|
      0 GET_PERMS /tool/xenstored| => n0|
    `,
  },
  {
    name: "a write creates the node and its parents, which are empty",
    script: `
      0 WRITE /a/b/c|value => OK|
      0 READ /a/b/c| => value
      0 READ /a/b| => (empty)
      0 DIRECTORY /a| => b|
      0 DIRECTORY /a/b| => c|
      0 DIRECTORY /a/b/c| => (empty)
    `,
  },
  {
    name: "a value is any bytes, nuls among them",
    script: `
      0 WRITE /a|one|two| => OK|
      0 READ /a| => one|two|
      0 WRITE /a|\\x00\\x01\\xff\\x80 => OK|
      0 READ /a| => |\\x01\\xff\\x80
      0 WRITE /a| => OK|
      0 READ /a| => (empty)
    `,
  },
  { name: "a write without a nul behind the path is EINVAL", script: `0 WRITE /a => !EINVAL` },
  {
    name: "the root can be written and read",
    script: `
      0 WRITE /|root => OK|
      0 READ /| => root
    `,
  },
  {
    name: "a missing node is ENOENT",
    script: `
      0 READ /missing| => !ENOENT
      0 DIRECTORY /missing| => !ENOENT
      0 GET_PERMS /missing| => !ENOENT
      0 SET_PERMS /missing|n0| => !ENOENT
      0 READ /missing/deep| => !ENOENT
    `,
  },
  {
    name: "MKDIR creates an empty node and its parents",
    script: `
      0 MKDIR /a/b| => OK|
      0 READ /a/b| => (empty)
      0 DIRECTORY /a| => b|
    `,
  },
  {
    name: "MKDIR of a node that is there keeps its value",
    given: ["/a n0 value"],
    script: `
      0 MKDIR /a| => OK|
      0 READ /a| => value
    `,
  },
  {
    name: "RM removes the node with everything below it",
    given: ["/a/b/c n0 value", "/a/d n0"],
    script: `
      0 RM /a/b| => OK|
      0 READ /a/b/c| => !ENOENT
      0 READ /a/b| => !ENOENT
      0 DIRECTORY /a| => d|
    `,
  },
  {
    name: "RM of a missing node is OK when its parent is there, else ENOENT",
    given: ["/a n0"],
    script: `
      0 RM /a/missing| => OK|
      0 RM /missing/deep| => !ENOENT
    `,
  },
  { name: "RM of the root is EINVAL", script: `0 RM /| => !EINVAL` },
  {
    name: "DIRECTORY lists the children in the order of their creation",
    script: `
      0 WRITE /a/z|1 => OK|
      0 WRITE /a/m|1 => OK|
      0 WRITE /a/b|1 => OK|
      0 DIRECTORY /a| => z|m|b|
      0 WRITE /a/z|2 => OK|
      0 DIRECTORY /a| => z|m|b|
      0 RM /a/z| => OK|
      0 WRITE /a/z|3 => OK|
      0 DIRECTORY /a| => m|b|z|
    `,
  },
  {
    name: "the largest packet carries a value of 4096 bytes less the path",
    script: `
      0 WRITE /a|{x*4093} => OK|
      0 READ /a| => {x*4093}
    `,
  },
];
