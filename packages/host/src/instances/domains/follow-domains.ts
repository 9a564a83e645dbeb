import { EventBell } from "../../event-bell.ts";
import { allInstances } from "../all-instances.ts";
import { attachedPorts } from "./domains-of-instances.ts";
import type { Instance } from "../instance.ts";
import type { InstanceContext } from "../instance-context.ts";
import { ABSENCE_MS, FOLLOW_ANYWAY_MS, FOLLOW_RETRY_MS } from "../limits.ts";
import { runningDomain, writeNetworking } from "./live-vm-data.ts";
import { renewVmData } from "./renew-vm-data.ts";
import { SpecialWatch } from "./special-watch.ts";

/** Keeps the states of instances true while domains come and go. */
export interface DomainFollower {
  /** Safe to call twice. */
  close(): Promise<void>;
}

interface Follower extends InstanceContext {
  /** Since when, by the clock, an instance and its domain have not agreed. */
  readonly disagreeingSinceMs: Map<string, number>;
  /** Domains whose `vm-data` has been seen to. */
  readonly seenDomids: Set<number>;
}

/** What there is to do: an event of XenStore, the time to look again, or the end. */
type Ring = "event" | "alarm" | "close";

/**
 * Follows the domains of a host by XenStore's special watches (xenstore.txt, "@introduceDomain"): an
 * instance whose domain has ended and not come back is stopped, and one that somebody has started in
 * dom0 is active. A domain that came without `vm-data` gets it. Should an event be lost, a look
 * now and then finds what it told of. What an action is being done to is left to
 * that action.
 */
export function followDomains(context: InstanceContext): DomainFollower {
  const follower = {
    ...context,
    disagreeingSinceMs: new Map<string, number>(),
    seenDomids: new Set<number>(),
  };
  const bell = new EventBell<Ring>();
  const onEvent = (): void => bell.ring("event");
  const watches = ["@introduceDomain", "@releaseDomain"].map(
    (path) => new SpecialWatch({ ...context, path, onEvent }),
  );
  const ended = lookAgainAndAgain(follower, bell);
  return {
    async close() {
      bell.ring("close");
      await Promise.all(watches.map((watch) => watch.close()));
      await ended;
    },
  };
}

async function lookAgainAndAgain(follower: Follower, bell: EventBell<Ring>): Promise<void> {
  let stopAlarm: (() => void) | undefined;
  for (;;) {
    const rings = await bell.next();
    stopAlarm?.();
    if (rings.includes("close")) return;
    const againMs = await look(follower);
    // XenStore tells of a domain before a toolstack lists it, and of its end while it is still listed.
    const nextMs = againMs ?? (rings.includes("event") ? ABSENCE_MS : FOLLOW_ANYWAY_MS);
    stopAlarm = follower.clock.after(nextMs, () => bell.ring("alarm"));
  }
}

/** Looks at every instance once; returns after how long to look again, if not only at the next event. */
async function look(follower: Follower): Promise<number | undefined> {
  const { toolstack, disagreeingSinceMs, seenDomids } = follower;
  try {
    // At once, while the guest boots: to list domains takes a toolstack longer.
    const isVmDataLeft = await renewVmData(follower, seenDomids);
    // Instances first: one that was stopped between the two reads must not look as if it had been started.
    const instances = await allInstances(follower, { vmStates: ["active", "rescued", "stopped"] });
    const running = new Set((await toolstack.list()).map(({ uuid }) => uuid));
    const disagreeing = instances.filter(({ id, vmState }) => running.has(id) !== (vmState !== "stopped"));
    const ids = new Set(disagreeing.map(({ id }) => id));
    for (const id of disagreeingSinceMs.keys()) if (!ids.has(id)) disagreeingSinceMs.delete(id);
    for (const instance of disagreeing) await reconsider(follower, instance);
    return isVmDataLeft || disagreeingSinceMs.size > 0 ? ABSENCE_MS : undefined;
  } catch (error) {
    follower.log.warn("The domains could not be read", { error: String(error) });
    return FOLLOW_RETRY_MS;
  }
}

async function reconsider(follower: Follower, instance: Instance): Promise<void> {
  const { database, clock, now, log, disagreeingSinceMs } = follower;
  const { id, vmState, taskState } = instance;
  // What an action does to its domain is not an absence: behind it there may be a moment without one, too.
  const sinceMs = taskState === null ? disagreeingSinceMs.get(id) : undefined;
  disagreeingSinceMs.set(id, sinceMs ?? clock.nowMs());
  if (sinceMs === undefined || clock.nowMs() - sinceMs < ABSENCE_MS) return;
  const changes = { vmState: stateNow(instance), updatedAt: now() };
  if (changes.vmState === "stopped") await database.instances.update(id, changes, { taskState: null });
  else if (!(await plugAndNote(follower, { id, changes }))) return;
  disagreeingSinceMs.delete(id);
  log.info("An instance follows its domain", { instanceId: id, from: vmState, to: changes.vmState });
}

/** Takes the instance as an action does, so that none changes its cards meanwhile; false when one has it. */
async function plugAndNote(
  follower: Follower,
  { id, changes }: { readonly id: string; readonly changes: Pick<Instance, "vmState" | "updatedAt"> },
): Promise<boolean> {
  const { instances } = follower.database;
  const taskState = "networking";
  if (!(await instances.update(id, { taskState }, { taskState: null }))) return false;
  try {
    await plugCards(follower, id);
  } catch (error) {
    await instances.update(id, { taskState: null }, { taskState });
    throw error;
  }
  return instances.update(id, { ...changes, taskState: null }, { taskState });
}

/** Cards that the instance got while its domain was away; one that it lost then stays until its next boot. */
async function plugCards(follower: Follower, id: string): Promise<void> {
  const { domid } = await runningDomain(follower, id);
  for (const { port, network } of await attachedPorts(follower, id)) {
    await follower.toolstack.attachVif(id, { index: port.index, mac: port.mac, bridge: network.bridge });
  }
  await writeNetworking(follower, { id, domid });
}

/** What comes back by itself boots what it had booted before: a rescue system stays one. */
function stateNow({ vmState, rescueImageId }: Instance): Instance["vmState"] {
  if (vmState !== "stopped") return "stopped";
  return rescueImageId === null ? "active" : "rescued";
}
