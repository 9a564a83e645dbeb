import type { CancelSignal } from "../../cancel-signal.ts";
import { HostError, type HostErrorCode } from "../../errors.ts";
import { EventBell } from "../../event-bell.ts";
import type { HeldGuest, HostConnector } from "../../host-connector.ts";
import type { OperationKind } from "../../ledger/operation.ts";
import { parseFeatures } from "../../model/features.ts";
import { askFeatures } from "../../operations/features.ts";
import type { EndedOperation, OperationObserver } from "../../operations-runner/operation-observer.ts";
import type { Log } from "../../ports/log.ts";
import { allInstances } from "../all-instances.ts";
import { Canceller } from "../canceller.ts";
import { SpecialWatch } from "../domains/special-watch.ts";
import type { Instance } from "../instance.ts";
import type { InstanceDatabase } from "../instance-context.ts";
import {
  HEARTBEAT_TIMEOUT_MS,
  HEARTBEATS_AT_ONCE_MAX,
  PRESENCE_LOOK_MS,
  PRESENCE_PAUSE_MS,
} from "../limits.ts";
import { Turns } from "../turns.ts";
import { AgentNotes, type HeardAgent } from "./agent-notes.ts";
import { type GuestDomain, GuestDomains } from "./guest-domains.ts";
import { heartbeatRecord, removeHeartbeats } from "./heartbeat-ids.ts";
import { type HeartbeatFacts, isBooting, isDue, isHeardHere } from "./is-due.ts";

export interface PresenceOptions {
  readonly database: Pick<InstanceDatabase, "instances" | "inventory">;
  readonly connector: HostConnector;
  readonly now: () => Date;
  /** A new GUID at every call. */
  readonly newId: () => string;
  readonly log: Log;
}

interface Heartbeat {
  readonly canceller: Canceller;
  readonly ended: Promise<void>;
}

/** What there is to do: a domain came, the time to look again, or the end. */
type Ring = "event" | "alarm" | "close";

// The agent said something.
const heardCodes: ReadonlySet<HostErrorCode> = new Set([
  "GUEST_REFUSED",
  "GUEST_BAD_REPLY",
  "GUEST_UNSUPPORTED",
]);

/**
 * Knows which agents are there. What the operations of a runner hear counts; an agent that none has heard
 * for a while is asked for its version, without a row in the ledger: few at once, one at a time for a
 * guest, never while an action has the instance, and withdrawn as soon as an operation is asked of it.
 */
export class Presence implements OperationObserver {
  readonly #options: PresenceOptions;
  readonly #notes: AgentNotes;
  readonly #domains: GuestDomains;
  readonly #bell = new EventBell<Ring>();
  readonly #turns = new Turns(HEARTBEATS_AT_ONCE_MAX);
  readonly #heartbeats = new Map<string, Heartbeat>();
  /** How many operations each guest is asked at the moment. */
  readonly #operations = new Map<string, number>();
  readonly #askedMs = new Map<string, number>();
  #life: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#notes = new AgentNotes({ ...options, instances: options.database.instances });
    this.#domains = new GuestDomains(options.connector);
  }

  /** Begins to ask agents. Safe to call twice. */
  start(): void {
    if (!this.#isClosed) this.#life ??= this.#live();
  }

  began(instanceId: string): void {
    this.#operations.set(instanceId, (this.#operations.get(instanceId) ?? 0) + 1);
    this.#heartbeats.get(instanceId)?.canceller.cancel();
  }

  ended(instanceId: string, end: EndedOperation): void {
    const count = (this.#operations.get(instanceId) ?? 1) - 1;
    if (count > 0) this.#operations.set(instanceId, count);
    else this.#operations.delete(instanceId);
    if (end.error !== undefined) this.#noteError(instanceId, end.error, isRunning);
    else if (end.message !== undefined) this.#notes.heard(instanceId, heardIn(end.kind, end.message));
  }

  /** Asks nobody any more, and waits until nobody is asked. Safe to call twice. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#bell.ring("close");
    for (const { canceller } of this.#heartbeats.values()) canceller.cancel();
    await this.#life;
    await Promise.all([...this.#heartbeats.values()].map(({ ended }) => ended));
    await this.#notes.close();
  }

  async #live(): Promise<void> {
    const { connector, log } = this.#options;
    const { xenstore, clock } = connector;
    const onEvent = (): void => this.#bell.ring("event");
    const watch = new SpecialWatch({ xenstore, clock, log, path: "@introduceDomain", onEvent });
    while (!this.#isClosed) {
      await this.#look();
      await this.#pause(clock.nowMs());
    }
    await watch.close();
  }

  /** Until it is time to look again: soon when a domain came, but not for each of many. */
  async #pause(lookedMs: number): Promise<void> {
    const { clock } = this.#options.connector;
    let nextMs = lookedMs + PRESENCE_LOOK_MS;
    while (!this.#isClosed && clock.nowMs() < nextMs) {
      const stopAlarm = clock.after(nextMs - clock.nowMs(), () => this.#bell.ring("alarm"));
      const rings = await this.#bell.next();
      stopAlarm();
      if (rings.includes("event")) nextMs = lookedMs + PRESENCE_PAUSE_MS;
    }
  }

  /** Never rejects: the next look finds what this one could not. */
  async #look(): Promise<void> {
    const { database, log } = this.#options;
    try {
      const domains = await this.#domains.look();
      const instances = await allInstances({ database }, { vmStates: ["active", "rescued"] });
      const images = await database.inventory.images();
      const hasAgent = new Map(images.map((image) => [image.id, image.hasAgent]));
      this.#forget(new Set(instances.map(({ id }) => id)));
      for (const instance of instances) {
        const running = instance.rescueImageId ?? instance.imageId;
        const domain = domains.get(instance.id);
        this.#consider(instance, { domain, hasAgent: hasAgent.get(running) === true });
      }
    } catch (error) {
      if (!this.#isClosed) log.warn("Agents could not be looked after", { error: String(error) });
    }
  }

  #consider(instance: Instance, { domain, hasAgent }: Pick<HeartbeatFacts, "domain" | "hasAgent">): void {
    const { id } = instance;
    if (this.#isClosed || domain === undefined || this.#heartbeats.has(id) || this.#operations.has(id))
      return;
    const facts = this.#factsOf(instance, { domain, hasAgent });
    if (!isDue(facts)) return;
    const canceller = new Canceller();
    const ended = this.#turns
      .run(canceller, () => this.#ask(id, { domain, hasAgent, signal: canceller }))
      .catch((error: unknown) => {
        this.#options.log.warn("An agent could not be asked", { instanceId: id, error: String(error) });
      })
      .finally(() => this.#heartbeats.delete(id));
    this.#heartbeats.set(id, { canceller, ended });
  }

  async #ask(
    id: string,
    {
      signal,
      domain,
      hasAgent,
    }: { readonly signal: CancelSignal; readonly domain: GuestDomain; readonly hasAgent: boolean },
  ): Promise<void> {
    const { database, connector, newId } = this.#options;
    // Its turn may have been long in coming.
    const instance = await database.instances.find(id);
    if (signal.aborted || instance === undefined) return;
    const facts = this.#factsOf(instance, { domain, hasAgent });
    if (!isDue(facts)) return;
    this.#askedMs.set(id, connector.clock.nowMs());
    const record = heartbeatRecord(newId);
    const call = { domid: domain.domid, uuid: id, timeoutMs: HEARTBEAT_TIMEOUT_MS, signal, record };
    try {
      const agent = await connector.hold(call, async (guest) => {
        await removeHeartbeats(connector.xenstore, guest.domid);
        return askAgent(guest, facts);
      });
      this.#notes.heard(id, agent);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      // One that has moved meanwhile may boot as well.
      const mayBoot = isBooting(facts) || error.facts.newDomid !== undefined;
      if (mayBoot && error.code === "GUEST_TIMEOUT") return;
      // What has begun to be done to the instance meanwhile may have ended its domain.
      this.#noteError(id, error, (now) => isRunning(now) && now.taskState === null);
    }
  }

  #noteError(
    instanceId: string,
    { code, facts }: HostError,
    isSilence: (instance: Instance) => boolean,
  ): void {
    if (heardCodes.has(code)) this.#notes.heard(instanceId);
    // A time that was over before anything was asked is no silence.
    const wasAsked = facts.wasTaken !== undefined;
    if (code === "GUEST_TIMEOUT" && wasAsked) this.#notes.silent(instanceId, isSilence);
  }

  #factsOf(instance: Instance, own: Pick<HeartbeatFacts, "domain" | "hasAgent">): HeartbeatFacts {
    const { connector, now } = this.#options;
    const askedMs = this.#askedMs.get(instance.id);
    return { ...own, instance, askedMs, nowMs: connector.clock.nowMs(), now: now() };
  }

  #forget(instanceIds: ReadonlySet<string>): void {
    for (const id of this.#askedMs.keys()) if (!instanceIds.has(id)) this.#askedMs.delete(id);
    this.#notes.keepOnly(instanceIds);
  }
}

/** The version, and what it offers where that may be news; one that fails to say that was heard all the same. */
async function askAgent(guest: HeldGuest, facts: HeartbeatFacts): Promise<HeardAgent> {
  const { agentFeatures, agentVersion } = facts.instance;
  const { message: version } = await guest.ask({ name: "version", value: "agent" });
  if (agentFeatures !== null && version === agentVersion && isHeardHere(facts)) return { version };
  try {
    return { version, features: await askFeatures(guest) };
  } catch (error) {
    if (error instanceof HostError) return { version };
    throw error;
  }
}

function heardIn(kind: OperationKind, message: string): HeardAgent {
  return kind === "features" ? { features: parseFeatures(message) } : {};
}

function isRunning({ vmState }: Instance): boolean {
  return vmState === "active" || vmState === "rescued";
}
