import type { ContractCase } from "../contract.ts";

/** Who may do what (xenstore.txt, "permissions"). */
export const permissionCases: readonly ContractCase[] = [
  {
    name: "the owner may do everything, whatever the first entry's letter",
    given: ["/p n5 value"],
    script: `
      5 READ /p| => value
      5 WRITE /p|x => OK|
      5 SET_PERMS /p|n5|r6| => OK|
      5 GET_PERMS /p| => n5|r6|
      5 RM /p| => OK|
    `,
  },
  {
    name: "dom0 may do everything",
    given: ["/p n5,r6 value"],
    script: `
      0 READ /p| => value
      0 WRITE /p|x => OK|
      0 SET_PERMS /p|n6| => OK|
      0 RM /p| => OK|
    `,
  },
  {
    name: "the first entry's letter holds for a domain without an entry",
    given: ["/n n0 v", "/r r0 v", "/w w0 v", "/b b0 v"],
    script: `
      5 READ /n| => !EACCES
      5 WRITE /n|x => !EACCES
      5 READ /r| => v
      5 WRITE /r|x => !EACCES
      5 READ /w| => !EACCES
      5 WRITE /w|x => OK|
      5 READ /b| => v
      5 WRITE /b|x => OK|
    `,
  },
  {
    name: "an entry of its own holds for a domain instead of the first",
    given: ["/p b0,n5 v", "/q n0,b5 v"],
    script: `
      5 READ /p| => !EACCES
      5 WRITE /p|x => !EACCES
      6 READ /p| => v
      5 READ /q| => v
      5 WRITE /q|x => OK|
      6 READ /q| => !EACCES
    `,
  },
  {
    name: "of several entries for a domain the first decides",
    given: ["/p n0,r5,b5 v"],
    script: `
      5 READ /p| => v
      5 WRITE /p|x => !EACCES
    `,
  },
  {
    name: "only the node itself counts, not those above it",
    given: ["/p n0", "/p/c r0 v"],
    script: `
      5 READ /p| => !EACCES
      5 READ /p/c| => v
      5 DIRECTORY /p/c| => (empty)
    `,
  },
  {
    name: "DIRECTORY names children that may not be read",
    given: ["/p r0", "/p/secret n0"],
    script: `5 DIRECTORY /p| => secret|`,
  },
  {
    name: "creating needs the right to write to the nearest node that is there",
    given: ["/p n0,b5", "/q r0"],
    script: `
      5 WRITE /p/x/y|1 => OK|
      5 MKDIR /p/z| => OK|
      5 WRITE /q/x|1 => !EACCES
      5 WRITE /q/x/y|1 => !EACCES
      5 MKDIR /q/x| => !EACCES
    `,
  },
  {
    name: "what a domain creates is its own, with the other entries of the parent",
    given: ["/p n5,b6"],
    script: `
      6 WRITE /p/x/y|1 => OK|
      6 GET_PERMS /p/x| => n6|b6|
      6 GET_PERMS /p/x/y| => n6|b6|
      5 READ /p/x| => !EACCES
    `,
  },
  {
    name: "what dom0 creates has the permissions of the parent",
    given: ["/p n5,b6"],
    script: `
      0 WRITE /p/x/y|1 => OK|
      0 GET_PERMS /p/x| => n5|b6|
      5 READ /p/x/y| => 1
    `,
  },
  {
    name: "MKDIR of a node that is there needs the right to write to it",
    given: ["/p r0"],
    script: `5 MKDIR /p| => !EACCES`,
  },
  {
    name: "RM needs the right to write to the node only, and removes what belongs to others",
    given: ["/p n0", "/p/q n5", "/p/q/r n6 v"],
    script: `
      5 RM /p/q| => OK|
      0 DIRECTORY /p| => (empty)
    `,
  },
  {
    name: "RM without the right to write to the node is EACCES",
    given: ["/p n5", "/p/q r0"],
    script: `5 RM /p/q| => !EACCES`,
  },
  {
    name: "a missing node is ENOENT to who has the right where it would be, else EACCES",
    given: ["/n n0", "/r r0", "/w w0"],
    script: `
      5 READ /n/missing| => !EACCES
      5 READ /r/missing| => !ENOENT
      5 READ /r/missing/deep| => !ENOENT
      5 DIRECTORY /n/missing| => !EACCES
      5 GET_PERMS /n/missing| => !EACCES
      5 READ /w/missing| => !EACCES
      5 RM /w/missing| => OK|
      5 RM /n/missing| => !EACCES
    `,
  },
  {
    name: "SET_PERMS of a missing node is ENOENT to who may write where it would be",
    given: ["/r r0", "/w w0"],
    script: `
      5 SET_PERMS /w/missing|n5| => !ENOENT
      5 SET_PERMS /r/missing|n5| => !EACCES
    `,
  },
  {
    name: "only the owner may change permissions, and may not give the node away",
    given: ["/p b0,r6", "/q n5"],
    script: `
      5 SET_PERMS /p|b0|b5| => !EACCES
      5 SET_PERMS /q|n6| => !EPERM
      5 SET_PERMS /q|b5| => OK|
      5 GET_PERMS /q| => b5|
    `,
  },
  {
    name: "a malformed permission is EINVAL",
    given: ["/p n0"],
    script: `
      0 SET_PERMS /p|x5| => !EINVAL
      0 SET_PERMS /p|r| => !EINVAL
      0 SET_PERMS /p|r5x| => !EINVAL
      0 SET_PERMS /p|| => !EINVAL
      0 SET_PERMS /p| => !EINVAL
      0 SET_PERMS /p => !EINVAL
      0 GET_PERMS /p| => n0|
    `,
  },
  {
    name: "a permission's number may be hexadecimal or octal",
    given: ["/p n0"],
    script: `
      5 READ /p| => !EACCES
      0 SET_PERMS /p|n0|r0x5| => OK|
      0 GET_PERMS /p| => n0|r5|
      5 READ /p| => (empty)
    `,
  },
  {
    name: "an owner that does not exist is ENOENT",
    given: ["/p n0"],
    script: `0 SET_PERMS /p|n77| => !ENOENT`,
  },
  {
    name: "an entry for a domain that does not exist yet is kept but never of effect",
    given: ["/p n0 v"],
    script: `
      0 SET_PERMS /p|n0|r7| => OK|
      domain 7 introduced
      7 READ /p| => !EACCES
      0 SET_PERMS /p|n0|r7| => OK|
      7 READ /p| => v
    `,
  },
  {
    name: "a domain has the rights of its target besides its own",
    given: ["/p n5 v", "/q n0,r5 v"],
    script: `
      5 READ /p| => v
      6 READ /p| => !EACCES
      0 SET_TARGET 6|5| => OK|
      6 READ /p| => v
      6 WRITE /p|x => OK|
      6 READ /q| => v
      6 WRITE /q|x => !EACCES
      5 SET_TARGET 6|5| => !EACCES
    `,
  },
  {
    name: "both domains of SET_TARGET have to be introduced",
    script: `
      5 READ /| => !EACCES
      0 SET_TARGET 5|77| => !ENOENT
      0 SET_TARGET 77|5| => !ENOENT
    `,
  },
];
