/**
 * Faults that are put in on purpose, in wrappers of the simulation: each shows that what it breaks is
 * looked at.
 */
export const plantedBugs = {
  /** The agent's handler carries every request out once more. */
  carriesOutTwice: "carried out",
  /** The host takes silence for success. */
  silenceIsSuccess: "was told",
  /** Whoever asked is told twice. */
  tellsTwice: "ended 2 times",
  /** A host that crashed forgets what it was asked. */
  forgetsAtCrash: "ended 0 times",
  /** The agent's log has the request's value. */
  logsRequests: "secret",
  /** Replies are left where they are. */
  leavesReplies: "left behind",
  /** A killed agent's file is there in part, because it was written in place. */
  writesInPlace: "in between",
} as const;

/** The name of one. */
export type PlantedBug = keyof typeof plantedBugs;
