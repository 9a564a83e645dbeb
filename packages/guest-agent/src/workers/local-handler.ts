import type { Command, Guest, XenstoreReader } from "../commands/command.ts";
import { type CommandConfig, DEFAULT_CONFIG } from "../config.ts";
import { AgentError } from "../errors.ts";
import { ExchangeKeeper, type OpenExchange } from "../service/exchange-keeper.ts";
import type { Logger } from "../log.ts";
import { type Plan, wipeSecrets } from "../plan.ts";
import { type Reply, refusalReply } from "../protocol/reply.ts";
import { parseRequest } from "../protocol/request.ts";
import type { RequestHandler } from "../service/request-handler.ts";
import { execute } from "../system/executor.ts";
import type { System } from "../system/system.ts";

/** What the agent would have done with a request: carry out a plan, or refuse. */
export type Decision = { readonly requestId: string; readonly command: string | undefined } & (
  | { readonly plan: Plan }
  | { readonly refusal: Reply }
);

/** Takes decisions that are not carried out. Secrets in them are wiped when it returns. */
export type TakeDecision = (decision: Decision) => void;

/** What a handler stands on. */
export interface LocalHandlerOptions {
  readonly xenstore: XenstoreReader;
  readonly system: System;
  readonly log: Logger;
  readonly commands: ReadonlyMap<string, Command>;
  readonly root: string;
  /** The defaults without it. */
  readonly config?: CommandConfig;
  /** The key exchange between two requests; one of its own without it. */
  readonly exchange?: OpenExchange;
}

/** The reply of what succeeded, or what prevented it. */
interface Outcome {
  readonly reply?: Reply;
  readonly error?: unknown;
}

/** Carries requests out in this process. */
export class LocalHandler implements RequestHandler {
  readonly #options: LocalHandlerOptions;
  readonly #exchange: OpenExchange;

  constructor(options: LocalHandlerOptions) {
    this.#options = options;
    this.#exchange = options.exchange ?? new ExchangeKeeper();
  }

  async handle(requestId: string, bytes: Uint8Array): Promise<Reply> {
    const { system, log } = this.#options;
    const startedAtMs = system.clock.nowMs();
    const decided = await this.#decide(bytes);
    const { command } = decided;
    const outcome: Outcome = decided.plan === undefined ? decided : await this.#carryOut(decided.plan);
    if (outcome.error !== undefined && command?.usesExchange === true) this.#exchange.countFailure();
    const reply = outcome.reply ?? refusalReply(outcome.error, command?.failureCode);
    const durationMs = Math.round(system.clock.nowMs() - startedAtMs);
    const fields = { requestId, command: command?.name, durationMs, returncode: reply.returncode };
    if (outcome.error === undefined) log.info("Request done", fields);
    else log.warn("Request failed", { ...fields, ...reasonOf(outcome.error) });
    return reply;
  }

  /** Decides and hands the decision over, changing nothing. */
  async show(request: { requestId: string; bytes: Uint8Array; take: TakeDecision }): Promise<void> {
    const { requestId, bytes, take } = request;
    const { command, plan, error } = await this.#decide(bytes);
    const about = { requestId, command: command?.name };
    take(
      plan === undefined
        ? { ...about, refusal: refusalReply(error, command?.failureCode) }
        : { ...about, plan },
    );
    if (plan !== undefined) wipe(plan);
  }

  close(): void {
    this.#exchange.wipe();
  }

  async #decide(bytes: Uint8Array): Promise<{ command?: Command; plan?: Plan; error?: unknown }> {
    let command: Command | undefined;
    try {
      const { name, value } = parseRequest(bytes);
      command = this.#options.commands.get(name);
      if (command === undefined) throw new AgentError("AGENT_NO_COMMAND", `No such agent command '${name}'`);
      return { command, plan: await command.decide(value, this.#guest()) };
    } catch (error) {
      return command === undefined ? { error } : { command, error };
    }
  }

  async #carryOut(plan: Plan): Promise<Outcome> {
    const { system, root, log } = this.#options;
    try {
      await execute(plan, { system, root, log });
    } catch (error) {
      wipe(plan);
      return { error };
    }
    this.#exchange.apply(plan.exchange);
    return { reply: plan.reply };
  }

  #guest(): Guest {
    const { system, xenstore, root, config = DEFAULT_CONFIG } = this.#options;
    return { system, xenstore, exchange: this.#exchange.secret, root, config };
  }
}

/** Zeroes what a plan that was not carried out holds. */
function wipe(plan: Plan): void {
  if (plan.exchange?.kind === "start") plan.exchange.secret.wipe();
  wipeSecrets(plan);
}

// A refusal may quote the request, which is not for the log; what failed on the guest is.
function reasonOf(error: unknown): { readonly reason?: string } {
  const isRefusal = error instanceof AgentError && error.code !== "AGENT_STEP_FAILED";
  return isRefusal ? {} : { reason: error instanceof Error ? error.message : String(error) };
}
