import type { ContractCase } from "../contract.ts";

/** INTRODUCE, RELEASE, RESUME and what becomes of a domain's nodes (xenstore.txt, "Domain management"). */
export const domainCases: readonly ContractCase[] = [
  {
    name: "IS_DOMAIN_INTRODUCED tells what INTRODUCE and RELEASE did",
    script: `
      0 IS_DOMAIN_INTRODUCED 7| => F|
      domain 7 exists
      0 IS_DOMAIN_INTRODUCED 7| => F|
      0 INTRODUCE 7|1007|17| => OK|
      0 IS_DOMAIN_INTRODUCED 7| => T|
      0 RELEASE 7| => OK|
      0 IS_DOMAIN_INTRODUCED 7| => F|
      0 IS_DOMAIN_INTRODUCED 0| => T|
      0 IS_DOMAIN_INTRODUCED 32752| => T|
    `,
  },
  {
    name: "INTRODUCE wants three arguments, a port and a domain that exists",
    script: `
      0 INTRODUCE 7|1007| => !EINVAL
      0 INTRODUCE 7|1007|0| => !EINVAL
      0 INTRODUCE 7|1007|17| => !ENOENT
      domain 7 exists
      0 INTRODUCE 7|1007|17|more| => OK|
    `,
  },
  {
    name: "RELEASE and RESUME of a domain that is not introduced are ENOENT",
    script: `
      0 RELEASE 7| => !ENOENT
      0 RESUME 7| => !ENOENT
      0 RESUME 0| => !EINVAL
    `,
  },
  { name: "RELEASE of dom0 is EINVAL", script: `0 RELEASE 0| => !EINVAL` },
  {
    name: "nodes of a released domain go with everything below them",
    given: ["/x n0"],
    script: `
      domain 7 exists
      0 INTRODUCE 7|1007|17| => OK|
      0 WRITE /x/mine/below|1 => OK|
      0 SET_PERMS /x/mine|n7| => OK|
      0 WRITE /x/other|1 => OK|
      0 RELEASE 7| => OK|
      0 DIRECTORY /x| => other|
    `,
  },
  {
    name: "a later domain of the same number does not inherit permissions",
    given: ["/p n0 v"],
    script: `
      domain 7 exists
      0 INTRODUCE 7|1007|17| => OK|
      0 SET_PERMS /p|n0|r7| => OK|
      0 RELEASE 7| => OK|
      0 WRITE /unrelated|1 => OK|
      domain 7 introduced
      7 READ /p| => !EACCES
    `,
  },
  {
    name: "INTRODUCE again drops the domain's watches and transactions",
    given: ["/p r0"],
    script: `
      5 WATCH /p|t| => OK|
      5 <- /p|t|
      5 begin t => OK|
      0 INTRODUCE 5|1005|15| => OK|
      0 WRITE /p|x => OK|
      5 TRANSACTION_END@t T| => !ENOENT
    `,
  },
  {
    name: "after RESUME a shutdown is told again",
    script: `
      0 WATCH @releaseDomain|t| => OK|
      0 <- @releaseDomain|t|
      domain 7 introduced
      domain 7 shut down
      0 <- @releaseDomain|t|
      domain 8 introduced
      domain 8 gone
      0 <- @releaseDomain|t|
      0 RESUME 7| => OK|
      domain 7 shut down
      0 <- @releaseDomain|t|
    `,
  },
];
