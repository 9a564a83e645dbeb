import type { Log } from "../../ports/log.ts";
import type { InstanceRepository } from "../../ports/repositories.ts";
import { printable } from "../../guests/printable.ts";
import type { InstanceChanges } from "../action.ts";
import type { Instance } from "../instance.ts";
import {
  AGENT_FEATURE_MAX_CHARACTERS,
  AGENT_FEATURES_MAX,
  AGENT_SEEN_WRITTEN_MS,
  AGENT_VERSION_MAX_CHARACTERS,
} from "../limits.ts";

/** What an agent said of itself, as far as it was asked. */
export interface HeardAgent {
  readonly version?: string | undefined;
  readonly features?: readonly string[] | undefined;
}

export interface AgentNotesOptions {
  readonly instances: Pick<InstanceRepository, "find" | "update">;
  readonly now: () => Date;
  readonly log: Log;
}

/** Writes down what is heard of agents, and that they are silent: only what changes, and the time now and then. */
export class AgentNotes {
  readonly #options: AgentNotesOptions;
  /** When agents were noted as heard. */
  readonly #heardAt = new Map<string, number>();
  /** The last note of each instance that is being written: they are written one behind the other. */
  readonly #going = new Map<string, Promise<void>>();
  #isClosed = false;

  constructor(options: AgentNotesOptions) {
    this.#options = options;
  }

  /** Behind the caller's back; a failure is logged. */
  heard(instanceId: string, agent: HeardAgent = {}): void {
    const isNews = agent.version !== undefined || agent.features !== undefined;
    // The time of day may have been set back since.
    const agoMs = Math.abs(this.#options.now().getTime() - (this.#heardAt.get(instanceId) ?? 0));
    if (isNews || agoMs >= AGENT_SEEN_WRITTEN_MS)
      this.#go(instanceId, () => this.#noteHeard(instanceId, agent));
  }

  /** The same; `isStill` tells whether that is what silence means, by the instance as it is then. */
  silent(instanceId: string, isStill: (instance: Instance) => boolean): void {
    this.#heardAt.delete(instanceId);
    this.#go(instanceId, async () => {
      const { instances, now } = this.#options;
      const instance = await instances.find(instanceId);
      if (instance === undefined || instance.agentSilentSince !== null || !isStill(instance)) return;
      await instances.update(instanceId, { agentSilentSince: now() });
    });
  }

  /** Forgets those that are not among these. */
  keepOnly(instanceIds: ReadonlySet<string>): void {
    for (const id of this.#heardAt.keys()) if (!instanceIds.has(id)) this.#heardAt.delete(id);
  }

  /** Takes no more notes, and waits for those that are being written. Safe to call twice. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#going.values());
  }

  async #noteHeard(instanceId: string, agent: HeardAgent): Promise<void> {
    const { instances, now } = this.#options;
    const instance = await instances.find(instanceId);
    if (instance === undefined) return;
    const at = now();
    const changes = changesOf(instance, { agent, at });
    if (Object.keys(changes).length > 0) await instances.update(instanceId, changes);
    this.#heardAt.set(instanceId, at.getTime());
  }

  #go(instanceId: string, work: () => Promise<void>): void {
    if (this.#isClosed) return;
    const going = (this.#going.get(instanceId) ?? Promise.resolve())
      .then(work)
      .catch((error: unknown) => {
        this.#options.log.warn("What was heard of an agent is not noted", {
          instanceId,
          error: String(error),
        });
      })
      .finally(() => {
        if (this.#going.get(instanceId) === going) this.#going.delete(instanceId);
      });
    this.#going.set(instanceId, going);
  }
}

function changesOf(
  instance: Instance,
  { agent, at }: { readonly agent: HeardAgent; readonly at: Date },
): InstanceChanges {
  const version = agent.version === undefined ? undefined : cut(agent.version, AGENT_VERSION_MAX_CHARACTERS);
  const features = agent.features
    ?.slice(0, AGENT_FEATURES_MAX)
    .map((name) => cut(name, AGENT_FEATURE_MAX_CHARACTERS));
  const isOther = features !== undefined && features.join() !== instance.agentFeatures?.join();
  const agoMs = Math.abs(at.getTime() - (instance.agentSeenAt?.getTime() ?? 0));
  const isLongAgo = agoMs >= AGENT_SEEN_WRITTEN_MS || instance.agentSilentSince !== null;
  return {
    ...(version !== undefined && version !== instance.agentVersion && { agentVersion: version }),
    ...(isOther && { agentFeatures: features }),
    ...(isLongAgo && { agentSeenAt: at, agentSilentSince: null }),
  };
}

function cut(text: string, charactersMax: number): string {
  return printable(text).slice(0, charactersMax);
}
