import { eventName } from "./activity-words.ts";
import type { Activity } from "./activity.ts";

/** Why a build failed, in words, and what to do. */
export interface BuildFailure {
  /** The step that failed, as a person calls it; undefined when it was none. */
  readonly step: string | undefined;
  /** What that means. */
  readonly meaning: string;
  /** The service's own words, or the guest's. */
  readonly words: string;
  /** What can be done, the likeliest first. */
  readonly advice: readonly string[];
  /** Whether the guest runs, so that its agent can be looked at. */
  readonly isGuestThere: boolean;
}

interface Explanation {
  readonly meaning: string;
  readonly advice: readonly string[];
}

const tryAgain = "Delete the server and build it again.";
const markImage =
  "If the image has no agent at all, have it marked so (xenapi_use_agent=false): then servers are built of it without one.";
const lookAtAgent =
  "Look at the Agent tab: it says what the host sees, and which steps help on this guest's system.";

const bySteps: Readonly<Record<string, Explanation>> = {
  ports: {
    meaning: "The server got no address, so nothing was started.",
    advice: ["Choose another network or another address.", "Detach what is not needed from other servers."],
  },
  domain: {
    meaning: "The host could not make the server's disk or start it.",
    advice: [
      "Choose a smaller size: the host may lack memory or disk for this one.",
      "If it fails again, give the request's number below to an administrator: the service's log has the reason.",
    ],
  },
  xe_daemon: {
    meaning: "The server was started, but nothing in it has answered: it may not have booted.",
    advice: ["Look at the console, on the Overview tab, how far it has booted.", markImage, lookAtAgent],
  },
  version: {
    meaning: "The guest has booted, but its agent is silent: it is not installed, or does not run.",
    advice: [lookAtAgent, markImage, "Build it of another image, one whose servers have an agent."],
  },
  files: {
    meaning: "The guest runs, and its agent did not write a file.",
    advice: [
      "Look at the paths of the files: each is the whole path of a file, and what stands there already must not be a directory.",
      "Leave the files out, and copy them when the server runs.",
    ],
  },
  password: {
    meaning: "The guest runs, and its agent did not set the password.",
    advice: [
      "Use another password: the guest's own rules may refuse this one.",
      "Look at the Agent tab whether the agent still answers.",
    ],
  },
  reset_network: {
    meaning: "The guest runs and has its password, and its agent did not set up the networks.",
    advice: [
      "Look at the Networks tab: it says what the guest has and what it was to have.",
      "Build it of an image whose network configuration the agent knows.",
    ],
  },
};

const ofNone: Explanation = {
  meaning: "It was given up between two steps, or the service was restarted meanwhile.",
  advice: [],
};

/** By the code of the ledger's error, where it says more than the step. */
const byCodes: Readonly<Record<string, Explanation>> = {
  GUEST_UNSUPPORTED: {
    meaning: "The guest's agent is too old or too small for this: it does not offer what was asked.",
    advice: ["Build it of an image with a newer agent, or leave out what the agent does not offer."],
  },
  GUEST_GONE: {
    meaning: "The guest ended while it was being built: it may have crashed, or been switched off.",
    advice: ["Look at the console, on the Overview tab, what it said last."],
  },
  CANCELLED: { meaning: "The build was given up, because the server was to be deleted.", advice: [] },
};

/** Explains a build that has failed; undefined for any other. */
export function explainBuild(build: Activity): BuildFailure | undefined {
  if (build.result !== "Error") return undefined;
  const event = build.events.findLast(({ result, finished_at: end }) => result === "Error" || end === null);
  const isGuestThere = event !== undefined && event.event !== "ports" && event.event !== "domain";
  const asked = isGuestThere ? build.operations.findLast(({ error }) => error !== null) : undefined;
  const { meaning, advice } = byCodes[asked?.error?.code ?? ""] ?? bySteps[event?.event ?? ""] ?? ofNone;
  return {
    step: event === undefined ? undefined : eventName(build.action, event.event),
    meaning,
    words: event === undefined || event.details === "" ? build.message : event.details,
    advice: [...advice, tryAgain],
    isGuestThere,
  };
}
