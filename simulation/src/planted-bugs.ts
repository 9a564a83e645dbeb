/**
 * Faults that are put in on purpose, in wrappers of the simulation: each shows that what it breaks is
 * looked at.
 */
export const plantedBugs = {
  /** The agent's handler carries every request out once more. */
  carriesOutTwice: "2 times",
  /** The host takes silence for success. */
  silenceIsSuccess: "was told",
  /** The agent calls everything a success. */
  hidesFailures: "was not",
  /** A host that was started again does not look into its ledger. */
  forgetsAtCrash: "has not ended",
  /** The agent's log has the request's value. */
  logsRequests: "secret",
  /** Replies are left where they are. */
  leavesReplies: "left behind",
  /** A killed agent's file is there in part, because it was written in place. */
  writesInPlace: "in between",
} as const;

/** The name of one. */
export type PlantedBug = keyof typeof plantedBugs;
