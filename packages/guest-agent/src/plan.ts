import type { ForeignAddress } from "./network/kernel-network.ts";
import type { WantedInterface } from "./network/wanted-network.ts";
import type { Reply } from "./protocol/reply.ts";
import { Secret } from "./secret.ts";

/** The file should hold this content. An existing one keeps owner, mode and SELinux label. */
export interface WriteFileStep {
  readonly step: "writeFile";
  readonly path: string;
  readonly content: Uint8Array;
  /** Mode of a file that is new; one that exists keeps its own. */
  readonly mode: number;
  /** Whether an existing file with other content is kept beside it as `<file>.<unix time>.bak`. */
  readonly backup: boolean;
}

/** The file should not be there. */
export interface RemoveFileStep {
  readonly step: "removeFile";
  readonly path: string;
  readonly backup: boolean;
}

/** A symbolic link should be there and hold this target. Anything else in its place is left, and an error. */
export interface MakeLinkStep {
  readonly step: "makeLink";
  readonly path: string;
  /** As it stands in the link. */
  readonly target: string;
}

/** The program should have run with status 0. */
export interface RunStep {
  readonly step: "run";
  readonly argv: readonly [string, ...string[]];
  readonly timeoutMs: number;
  /** Whether it can run, and has to, before the services of the network have started. */
  readonly needsNoService?: boolean;
  /** What takes it back when a later step fails. */
  readonly undo?: readonly [string, ...string[]];
  /** Reported when it fails, before the program's own words. */
  readonly failure: string;
}

/**
 * Nothing to do, but the program should run once the steps behind this one are taken back: a service
 * that read what they wrote reads again what stood there before.
 */
export interface WhenTakenBackStep {
  readonly step: "whenTakenBack";
  readonly argv: readonly [string, ...string[]];
  readonly timeoutMs: number;
}

/** The kernel's host name should be this; the files that keep it are steps of their own. */
export interface SetHostnameStep {
  readonly step: "setHostname";
  readonly hostname: string;
}

/** The user's password should be this. The secret is wiped when the plan ends, however it ends. */
export interface SetPasswordStep {
  readonly step: "setPassword";
  readonly user: string;
  readonly password: Secret;
}

/**
 * The user's password in the files of another system should be this, and nothing there should keep it from
 * being used: the account is unlocked, and neither it nor the password has expired. The secret is wiped when
 * the plan ends, however it ends.
 */
export interface ResetPasswordStep {
  readonly step: "resetPassword";
  readonly user: string;
  readonly password: Secret;
}

/**
 * A program written in Python should have run with status 0. Some of its words are secrets and it has
 * no other way to take them, but its arguments are everybody's to see: the words reach it through the
 * standard input of its interpreter. Secrets are wiped when the plan ends, however it ends.
 */
export interface RunPythonStep {
  readonly step: "runPython";
  /** What the first line of the program asks for, such as `/usr/bin/python3 -Es`. */
  readonly interpreter: readonly [string, ...string[]];
  /** The program's path and its words; none holds a NUL byte. */
  readonly argv: readonly [string, ...(string | Secret)[]];
  readonly timeoutMs: number;
  /** Reported when it fails, before the program's own words. */
  readonly failure: string;
}

/**
 * These steps should have been taken, and the running kernel should then have the interfaces as they are
 * wanted; else the steps are taken back. What is checked, and when a network that is not so stays all
 * the same, is told in `system/network-check.ts`.
 */
export interface ApplyNetworkStep {
  readonly step: "applyNetwork";
  readonly interfaces: readonly WantedInterface[];
  /** Links that are to be left alone, and whose gateways go on answering. */
  readonly bystanders?: readonly string[];
  readonly steps: readonly Step[];
}

/** A step that has no others in it. */
export type SimpleStep =
  | WriteFileStep
  | RemoveFileStep
  | MakeLinkStep
  | RunStep
  | WhenTakenBackStep
  | SetHostnameStep
  | SetPasswordStep
  | ResetPasswordStep
  | RunPythonStep;

/** What should be, one fact a step, in the order in which it is brought about. */
export type Step = SimpleStep | ApplyNetworkStep;

/** The steps with those that are inside of others in their place. */
export function flatSteps(steps: readonly Step[]): readonly SimpleStep[] {
  return steps.flatMap((step) => (step.step === "applyNetwork" ? flatSteps(step.steps) : [step]));
}

/** What becomes of the key exchange when the plan has succeeded. */
export type ExchangeChange = { readonly kind: "start"; readonly secret: Secret } | { readonly kind: "end" };

/** What a command decided: the steps, and the answer when all of them succeed. */
export interface Plan {
  readonly steps: readonly Step[];
  readonly reply: Reply;
  readonly exchange?: ExchangeChange;
  /**
   * Whether it must not be left half done: what takes it back is on disk before each step, the files
   * are kept as they were before the agent first touched them, and all of it has a limit of time.
   */
  readonly isRecorded?: boolean;
  /** Addresses that stay on interfaces of which nothing changes, for the log. */
  readonly foreign?: readonly ForeignAddress[];
}

/** Zeroes the passwords and keys in a plan's steps, once they are of no more use. */
export function wipeSecrets(plan: Plan): void {
  for (const step of flatSteps(plan.steps)) {
    if (step.step === "setPassword" || step.step === "resetPassword") step.password.wipe();
    if (step.step !== "runPython") continue;
    for (const word of step.argv) if (word instanceof Secret) word.wipe();
  }
}
