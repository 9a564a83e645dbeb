import type { CommandConfig } from "../config.ts";
import type { Plan } from "../plan.ts";
import type { RequestValue } from "../protocol/request.ts";
import type { Secret } from "../secret.ts";
import type { System } from "../system/system.ts";

/** What a command may ask of XenStore. Relative paths are the guest's own, such as `vm-data/hostname`. */
export interface XenstoreReader {
  read(path: string): Promise<Uint8Array>;
  readText(path: string): Promise<string>;
  list(path: string): Promise<string[]>;
  exists(path: string): Promise<boolean>;
}

/** The guest as a command sees it while it gathers its facts; nothing in it may be changed. */
export interface Guest {
  readonly system: System;
  readonly xenstore: XenstoreReader;
  /** The decimal text of the number both sides share after `keyinit`; undefined before and after use. */
  readonly exchange: Secret | undefined;
  readonly config: CommandConfig;
  /** The directory under which the guest's files are; `/` but in tests and development. */
  readonly root: string;
}

/** One thing the host can ask for. */
export interface Command {
  /** As in the request's `name`; case counts. */
  readonly name: string;
  /** Whether `features` names it, which it may only where it works. */
  readonly isListed: (guest: Guest) => Promise<boolean>;
  /** Whether a failure counts against the key exchange, which a few of them end. */
  readonly usesExchange: boolean;
  /** Return code of the answer when the command refuses or a step fails. */
  readonly failureCode: string;
  /** Says what to do; refuses by throwing an AgentError. Changes nothing itself. */
  readonly decide: (value: RequestValue, guest: Guest) => Promise<Plan>;
}

/** A command made of its two halves: one that reads, and a pure one that decides. */
export interface CommandParts<Facts> {
  readonly name: string;
  readonly isListed?: (guest: Guest) => Promise<boolean>;
  readonly usesExchange?: boolean;
  readonly failureCode?: string;
  /** Reads what the decision needs. */
  readonly gather: (guest: Guest) => Promise<Facts>;
  /** Value and facts to plan; throws an AgentError to refuse. */
  readonly plan: (value: RequestValue, facts: Facts) => Plan;
}

/** Puts the halves of a command together. Without `isListed` it is listed everywhere, and it
 * fails with "500" unless it says otherwise. */
export function command<Facts>(parts: CommandParts<Facts>): Command {
  const { name, gather, plan } = parts;
  return {
    name,
    isListed: parts.isListed ?? (() => Promise.resolve(true)),
    usesExchange: parts.usesExchange ?? false,
    failureCode: parts.failureCode ?? "500",
    decide: async (value, guest) => plan(value, await gather(guest)),
  };
}

/** The plan that does nothing but answer. */
export function answer(message: string): Plan {
  return { steps: [], reply: { returncode: "0", message } };
}
