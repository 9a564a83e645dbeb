import type { ContractCase } from "../contract.ts";

/** Which messages there are, who may send them, and what is checked first (xs_wire.h, xenstore.txt). */
export const messageCases: readonly ContractCase[] = [
  {
    name: "a type that does not exist is ENOSYS, even in an unknown transaction",
    script: `
      0 TYPE15 /a|t| => !ENOSYS
      0 TYPE16 EINVAL| => !ENOSYS
      0 TYPE20 5| => !ENOSYS
      0 TYPE27 | => !ENOSYS
      0 TYPE255 | => !ENOSYS
      0 TYPE4294967295 | => !ENOSYS
      0 TYPE27@99 | => !ENOSYS
    `,
  },
  {
    name: "the types of the development tree are ENOSYS where they are missing",
    script: `
      0 GET_FEATURE => !ENOSYS
      0 SET_FEATURE 5|0| => !ENOSYS
      0 GET_QUOTA => !ENOSYS
      0 SET_QUOTA nodes|1000| => !ENOSYS
    `,
  },
  {
    name: "an unknown transaction id is ENOENT",
    given: ["/a n0 value"],
    script: `
      0 READ@99 /a| => !ENOENT
      0 WRITE@99 /a|x => !ENOENT
      0 GET_DOMAIN_PATH@99 5| => !ENOENT
      0 TRANSACTION_START@99 | => !ENOENT
      0 TRANSACTION_END@99 T| => !ENOENT
    `,
  },
  {
    name: "WATCH and UNWATCH ignore the transaction id",
    script: `
      0 WATCH@99 /a|t| => OK|
      0 <- /a|t|
      0 UNWATCH@98 /a|t| => OK|
    `,
  },
  {
    name: "a domain may not send what belongs to the toolstack",
    script: `
      5 INTRODUCE 5|1|15| => !EACCES
      5 RELEASE 5| => !EACCES
      5 IS_DOMAIN_INTRODUCED 5| => !EACCES
      5 RESUME 5| => !EACCES
      5 SET_TARGET 5|0| => !EACCES
    `,
  },
  { name: "a domain may not send CONTROL", script: `5 CONTROL print|x| => !EACCES` },
  { name: "an unknown CONTROL command is EINVAL", script: `0 CONTROL no-such-command| => !EINVAL` },
  {
    name: "anyone may ask for the path of any domain",
    script: `
      0 GET_DOMAIN_PATH 5| => /local/domain/5|
      5 GET_DOMAIN_PATH 0| => /local/domain/0|
      5 GET_DOMAIN_PATH 1234| => /local/domain/1234|
      0 GET_DOMAIN_PATH 05| => /local/domain/5|
      0 GET_DOMAIN_PATH 5 => !EINVAL
      0 GET_DOMAIN_PATH 5|6| => !EINVAL
    `,
  },
  {
    name: "a path argument is exactly one string with its nul",
    given: ["/a n0 value"],
    script: `
      0 READ /a => !EINVAL
      0 READ /a|b| => !EINVAL
      0 READ | => !EINVAL
      0 DIRECTORY /a|b| => !EINVAL
      0 GET_PERMS /a|b| => !EINVAL
      0 MKDIR /b|c| => !EINVAL
      0 RM /a|b| => !EINVAL
      0 READ /a| => value
    `,
  },
  {
    name: "RESET_WATCHES drops the caller's watches and transactions only",
    given: ["/a n0"],
    script: `
      0 WATCH /a|first| => OK|
      0 <- /a|first|
      0b WATCH /a|second| => OK|
      0b <- /a|second|
      0 begin t => OK|
      0 RESET_WATCHES | => OK|
      0 WRITE /a|x => OK|
      0b <- /a|second|
      0 TRANSACTION_END@t T| => !ENOENT
      0 UNWATCH /a|first| => !ENOENT
    `,
  },
  { name: "a domain may reset its watches", script: `5 RESET_WATCHES | => OK|` },
];
