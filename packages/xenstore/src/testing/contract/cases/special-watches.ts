import type { ContractCase } from "../contract.ts";

/** Watches on @introduceDomain and @releaseDomain (xenstore.txt, WATCH). */
export const specialWatchCases: readonly ContractCase[] = [
  {
    name: "@introduceDomain fires when a domain is introduced, not when it is again",
    script: `
      0b WATCH @introduceDomain|t| => OK|
      0b <- @introduceDomain|t|
      domain 7 exists
      0 INTRODUCE 7|1007|17| => OK|
      0b <- @introduceDomain|t|
      0 INTRODUCE 7|1007|17| => OK|
    `,
  },
  {
    name: "@releaseDomain fires when a domain is released",
    script: `
      0b WATCH @releaseDomain|t| => OK|
      0b <- @releaseDomain|t|
      domain 7 exists
      0 INTRODUCE 7|1007|17| => OK|
      0 RELEASE 7| => OK|
      0b <- @releaseDomain|t|
    `,
  },
  {
    name: "@releaseDomain fires once for a domain that shuts down, and again when it is gone",
    script: `
      0 WATCH @releaseDomain|t| => OK|
      0 <- @releaseDomain|t|
      domain 7 introduced
      domain 7 shut down
      0 <- @releaseDomain|t|
      0 IS_DOMAIN_INTRODUCED 7| => T|
      domain 7 gone
      0 <- @releaseDomain|t|
      0 IS_DOMAIN_INTRODUCED 7| => F|
    `,
  },
  {
    name: "@releaseDomain fires for a domain that crashed",
    script: `
      0 WATCH @releaseDomain|t| => OK|
      0 <- @releaseDomain|t|
      domain 7 introduced
      domain 7 crashed
      0 <- @releaseDomain|t|
    `,
  },
  {
    name: "a domain is told of others only with the right to read the special node",
    script: `
      5 WATCH @releaseDomain|t| => OK|
      5 <- @releaseDomain|t|
      5 WATCH @introduceDomain|t| => OK|
      5 <- @introduceDomain|t|
      domain 7 exists
      0 INTRODUCE 7|1007|17| => OK|
      0 RELEASE 7| => OK|
      0 SET_PERMS @releaseDomain|n0|r5| => OK|
      0 INTRODUCE 7|1007|17| => OK|
      0 RELEASE 7| => OK|
      5 <- @releaseDomain|t|
    `,
  },
  {
    name: "a watch on the root is not told of special events",
    script: `
      0b WATCH /|t| => OK|
      0b <- /|t|
      domain 7 exists
      0 INTRODUCE 7|1007|17| => OK|
      0 RELEASE 7| => OK|
    `,
  },
  {
    name: "GET_PERMS of a special node is EINVAL",
    script: `0 GET_PERMS @releaseDomain| => !EINVAL`,
  },
];
