import type { ContractCase } from "../contract.ts";

/** Watches on nodes: when events come, to whom, and in which order (xenstore.txt, WATCH). */
export const watchCases: readonly ContractCase[] = [
  {
    name: "a new watch answers first and then fires once, also for a missing node",
    given: ["/a n0 v"],
    script: `
      0 WATCH /a|t| => OK|
      0 <- /a|t|
      0 WATCH /missing/deep|t| => OK|
      0 <- /missing/deep|t|
      5 WATCH /a|t| => OK|
      5 <- /a|t|
    `,
  },
  {
    name: "a watch wants a path and a token",
    script: `
      0 WATCH /a| => !EINVAL
      0 WATCH /a => !EINVAL
      0 UNWATCH /a| => !EINVAL
      0 UNWATCH /a|t|x| => !EINVAL
    `,
  },
  {
    name: "the same path and token again is EEXIST, another token is another watch",
    given: ["/a n0"],
    script: `
      0 WATCH /a|t| => OK|
      0 <- /a|t|
      0 WATCH /a|t| => !EEXIST
      0b WATCH /a|t| => OK|
      0b <- /a|t|
      0b WATCH /a|u| => OK|
      0b <- /a|u|
      5 WRITE /a|x => !EACCES
      0 UNWATCH /a|t| => OK|
      0b UNWATCH /a|u| => OK|
      0 WRITE /a|x => OK|
      0b <- /a|t|
    `,
  },
  {
    name: "UNWATCH of what is not watched is ENOENT",
    script: `
      0 UNWATCH /a|t| => !ENOENT
      0 WATCH /a|t| => OK|
      0 <- /a|t|
      0 UNWATCH /a|u| => !ENOENT
      0b UNWATCH /a|t| => !ENOENT
      0 UNWATCH /a|t| => OK|
      0 UNWATCH /a|t| => !ENOENT
    `,
  },
  {
    name: "a watch fires for its node and everything below, not above or beside",
    given: ["/a/b/c n0", "/a/bb n0"],
    script: `
      0b WATCH /a/b|t| => OK|
      0b <- /a/b|t|
      0 WRITE /a/b|x => OK|
      0b <- /a/b|t|
      0 WRITE /a/b/c|x => OK|
      0b <- /a/b/c|t|
      0 WRITE /a|x => OK|
      0 WRITE /a/bb|x => OK|
    `,
  },
  {
    name: "a watch on the root fires for everything",
    given: ["/a n0"],
    script: `
      0b WATCH /|t| => OK|
      0b <- /|t|
      0 WRITE /a|x => OK|
      0b <- /a|t|
      0 WRITE /|x => OK|
      0b <- /|t|
    `,
  },
  {
    name: "writing the same value fires, as does a change of permissions",
    given: ["/a n0 v"],
    script: `
      0b WATCH /a|t| => OK|
      0b <- /a|t|
      0 WRITE /a|v => OK|
      0b <- /a|t|
      0 SET_PERMS /a|n0| => OK|
      0b <- /a|t|
    `,
  },
  {
    name: "what changes nothing fires nothing",
    given: ["/a n0 v"],
    script: `
      0b WATCH /|t| => OK|
      0b <- /|t|
      0 READ /a| => v
      0 MKDIR /a| => OK|
      0 RM /a/missing| => OK|
      0 RM /missing/deep| => !ENOENT
      0 WRITE /a.b|x => !EINVAL
      5 WRITE /a|x => !EACCES
    `,
  },
  {
    name: "parents made on the way fire nothing",
    script: `
      0b WATCH /|t| => OK|
      0b <- /|t|
      0 WRITE /a/b/c|x => OK|
      0b <- /a/b/c|t|
      0 MKDIR /d/e| => OK|
      0b <- /d/e|t|
    `,
  },
  {
    name: "removing a subtree fires once above it, and each watch below with its own path",
    given: ["/a/b/c/d n0", "/a/b/x n0"],
    script: `
      0b WATCH /a|above| => OK|
      0b <- /a|above|
      0c WATCH /a/b/c|below| => OK|
      0c <- /a/b/c|below|
      0d WATCH /a/b|at| => OK|
      0d <- /a/b|at|
      0 RM /a/b| => OK|
      0b <- /a/b|above|
      0c <- /a/b/c|below|
      0d <- /a/b|at|
    `,
  },
  {
    name: "removing a subtree fires for what is deepest first, in the order of creation",
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
      0 RM /a| => OK|
      0b <- /a/z/1|t|
      0b <- /a/z/2/x|t|
      0b <- /a/z|t|
      0b <- /a/b|t|
      0b <- /a|t|
    `,
  },
  {
    name: "removing a subtree fires nothing for a node that was not there",
    given: ["/a/b n0"],
    script: `
      0b WATCH /a/b/missing|t| => OK|
      0b <- /a/b/missing|t|
      0 RM /a/b| => OK|
    `,
  },
  {
    name: "a relative watch is told relative paths, and is the same watch as the absolute one",
    given: ["/local/domain/5 n5", "/local/domain/5/data n5"],
    script: `
      5 WATCH data|t| => OK|
      5 <- data|t|
      0 WRITE /local/domain/5/data/x|1 => OK|
      5 <- data/x|t|
      5 WATCH /local/domain/5/data|t| => !EEXIST
      5 UNWATCH /local/domain/5/data|t| => OK|
      0 WRITE /local/domain/5/data/x|2 => OK|
    `,
  },
  {
    name: "the event of an own change comes before its reply",
    given: ["/a n0"],
    script: `
      0 WATCH /a|t| => OK|
      0 <- /a|t|
      0 WRITE /a|x => /a|t| then OK|
      0 RM /a| => /a|t| then OK|
    `,
  },
  {
    name: "the events of an own transaction come before the reply to its end",
    given: ["/a n0"],
    script: `
      0 WATCH /a|t| => OK|
      0 <- /a|t|
      0 begin t => OK|
      0 WRITE@t /a|x => OK|
      0 TRANSACTION_END@t T| => /a|t| then OK|
    `,
  },
  {
    name: "several watches of a connection each get the event",
    given: ["/a/b/c n0"],
    script: `
      0b WATCH /a|1| => OK|
      0b <- /a|1|
      0b WATCH /a/b/c|2| => OK|
      0b <- /a/b/c|2|
      0b WATCH /|3| => OK|
      0b <- /|3|
      0 WRITE /a/b/c|x => OK|
      0b <- /a/b/c|1|
      0b <- /a/b/c|2|
      0b <- /a/b/c|3|
    `,
  },
  {
    name: "events of several changes come in the order of the changes",
    given: ["/a n0", "/b n0"],
    script: `
      0b WATCH /|t| => OK|
      0b <- /|t|
      0 WRITE /b|1 => OK|
      0b <- /b|t|
      0 WRITE /a|1 => OK|
      0b <- /a|t|
      0 WRITE /b|2 => OK|
      0b <- /b|t|
    `,
  },
  {
    name: "an event is told to who may read the node or its parent",
    given: ["/p n0", "/p/open r0", "/q r0", "/q/closed n0", "/r n0", "/r/closed n0"],
    script: `
      5 WATCH /|t| => OK|
      5 <- /|t|
      0 WRITE /p/open|1 => OK|
      5 <- /p/open|t|
      0 WRITE /q/closed|1 => OK|
      5 <- /q/closed|t|
      0 WRITE /r/closed|1 => OK|
      0 WRITE /p|1 => OK|
    `,
  },
  {
    name: "losing the right to read is told, later changes are not",
    given: ["/p n0", "/p/a r0"],
    script: `
      5 WATCH /p/a|t| => OK|
      5 <- /p/a|t|
      0 SET_PERMS /p/a|n0| => OK|
      5 <- /p/a|t|
      0 WRITE /p/a|x => OK|
    `,
  },
  {
    name: "a removal is told to who could read the node before",
    given: ["/p n0", "/p/q n0", "/p/q/leaf r0"],
    script: `
      5 WATCH /p/q/leaf|t| => OK|
      5 <- /p/q/leaf|t|
      0 RM /p| => OK|
      5 <- /p/q/leaf|t|
    `,
  },
  {
    name: "removing an unreadable node that holds a readable one is not told above",
    given: ["/p n0", "/p/q n0", "/p/q/leaf r0"],
    script: `
      5 WATCH /p|t| => OK|
      5 <- /p|t|
      0 RM /p/q| => OK|
    `,
  },
  {
    name: "an event too long for a packet is not sent",
    given: ["/p n0"],
    script: `
      0b WATCH /p|{t*4080}| => OK|
      0b <- /p|{t*4080}|
      0 WRITE /p/abcdefghijkl|1 => OK|
      0 WRITE /p|1 => OK|
      0b <- /p|{t*4080}|
    `,
  },
  {
    name: "watches end with their connection",
    given: ["/a n0"],
    script: `
      0b WATCH /a|t| => OK|
      0b <- /a|t|
      0c WATCH /a|t| => OK|
      0c <- /a|t|
      0b close
      0 WRITE /a|x => OK|
      0c <- /a|t|
    `,
  },
];
