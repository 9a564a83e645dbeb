import type { ContractCase } from "../contract.ts";

/** What a path may be (xenstore.txt, "Store paths"). */
export const pathCases: readonly ContractCase[] = [
  {
    name: "letters, digits, minus, underscore and at sign make a name",
    script: `
      0 WRITE /AZaz09-_@x|1 => OK|
      0 READ /AZaz09-_@x| => 1
    `,
  },
  {
    name: "any other character is EINVAL",
    script: `
      0 WRITE /a.b|1 => !EINVAL
      0 WRITE /a+b|1 => !EINVAL
      0 WRITE /a:b|1 => !EINVAL
      0 WRITE /a~b|1 => !EINVAL
      0 WRITE /a b|1 => !EINVAL
      0 WRITE /a,b|1 => !EINVAL
      0 WRITE /a\\x5cb|1 => !EINVAL
      0 WRITE /a\\x0ab|1 => !EINVAL
      0 WRITE /a\\xc3\\xa4b|1 => !EINVAL
      0 READ /a.b| => !EINVAL
      0 WATCH /a.b|t| => !EINVAL
    `,
  },
  {
    name: "an empty name is EINVAL",
    script: `
      0 WRITE /a//b|1 => !EINVAL
      0 WRITE //a|1 => !EINVAL
      0 WRITE /a/|1 => !EINVAL
      0 READ //| => !EINVAL
      0 WATCH /a/|t| => !EINVAL
      0 WATCH |t| => !EINVAL
    `,
  },
  {
    name: "a path that begins with an at sign is for watches and permissions",
    script: `
      0 WRITE @foo|1 => !EINVAL
      0 READ @foo| => !EINVAL
      0 MKDIR @foo| => !EINVAL
      0 RM @foo| => !EINVAL
      0 DIRECTORY @foo| => !EINVAL
      0 WATCH @foo|t| => OK|
      0 <- @foo|t|
    `,
  },
  {
    name: "a relative path is below the domain's own",
    given: ["/local/domain/5 n5"],
    script: `
      5 WRITE data/x|1 => OK|
      5 READ /local/domain/5/data/x| => 1
      0 READ /local/domain/5/data/x| => 1
      0 WRITE name|dom0 => OK|
      0 READ /local/domain/0/name| => dom0
    `,
  },
  {
    name: "a path of 2048 bytes is the longest",
    script: `
      0 WRITE {/abcdefg*256}|1 => OK|
      0 READ {/abcdefg*256}| => 1
      0 WRITE {/abcdefg*256}h|1 => !EINVAL
      0 WATCH {/abcdefg*256}h|t| => !EINVAL
    `,
  },
  {
    name: "a domain's own prefix does not count for the length of a path",
    given: ["/local/domain/5 n5"],
    script: `
      5 WRITE {abcdefg/*255}abcdefgh|1 => OK|
      5 READ /local/domain/5/{abcdefg/*255}abcdefgh| => 1
      5 WRITE {abcdefg/*255}abcdefghi|1 => !EINVAL
    `,
  },
];
