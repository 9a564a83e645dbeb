/**
 * Faults that are put in on purpose, in wrappers of the simulation, each with words of the violation that
 * it brings about: they show that what they break is looked at.
 */
export const plantedBugs = {
  /** The agent carries every request out once more. */
  carriesOutTwice: "2 times",
  /** The agent calls everything a success. */
  hidesFailures: "was not set",
  /** The agent writes an answer again when the host has removed it. */
  answersTwice: "left behind",
  /** What a program is given stands in the log. */
  logsPrograms: "a secret is in the log",
  /** Files are written in place. */
  writesInPlace: "in between",
  /** The agent puts the network's file back when it has answered. */
  undoesNetworkFile: "network of guest",
  /** The host takes silence for success. */
  silenceIsSuccess: "was told done",
  /** A host that was started again does not look into its ledger. */
  forgetsAtCrash: "has not ended",
  /** The agent leaves a connection open with every request. */
  leavesConnections: "connections",
  /** The agent does not connect again to XenStore. */
  staysAlone: "does not answer any more",
  /** A service that was started again does not look at what it was doing with instances. */
  leavesTasks: "is left",
  /** The toolstack says that a domain has ended, which has not. */
  endsNothing: "on the host it is",
  /** The toolstack makes domains without the cards that they are to have. */
  plugsNothing: "the cards of",
  /** The ledger notes each end twice. */
  endsAgain: "ended as",
} as const;

/** The name of one. */
export type PlantedBug = keyof typeof plantedBugs;

/** All of them. */
export const plantedBugNames = Object.keys(plantedBugs) as readonly PlantedBug[];
