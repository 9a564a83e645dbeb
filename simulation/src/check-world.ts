import { AGENT_VERSION } from "@nova-agent/guest-agent";
import { commandRule, isFinished, isHeartbeatId, type Operation } from "@nova-agent/host";
import { claimOfOperation } from "./claims.ts";
import { hashPassword, INJECTED_PATHS, type KeptValue } from "./guest-disk.ts";
import type { AskedOperation, AskedTask, Outcome } from "./operation-task.ts";
import { findSecrets, secretIn } from "./find-secrets.ts";
import type { SimulatedGuest } from "./simulated-guest.ts";
import type { World } from "./world.ts";

/** An operation with what the ledger has of it. */
export interface Judged {
  readonly asked: AskedOperation;
  /** What the ledger says; `notSent` when it never had it. */
  readonly claim: Outcome["claim"];
  readonly operation: Operation | undefined;
  readonly endedAtMs: number;
}

/** What is wrong with a world in which nothing goes on any more: a sentence each. */
export function checkWorld(
  world: World,
  {
    guests,
    judged,
    isNetworkOpen = () => false,
  }: {
    readonly guests: readonly SimulatedGuest[];
    readonly judged: readonly Judged[];
    /** Whether it was said that a guest's network is not as it should be. */
    readonly isNetworkOpen?: (guest: SimulatedGuest) => boolean;
  },
): readonly string[] {
  // What a hostile guest says of itself is its own affair; that every operation ends is not.
  const honest = guests.filter(({ isHostile }) => !isHostile);
  const honestNames = new Set(honest.map(({ name }) => name));
  return [
    ...world.violations,
    ...judged.flatMap(checkEnd),
    ...judged.flatMap(checkProbe),
    ...judged.filter(({ asked }) => honestNames.has(asked.guest)).flatMap(checkVersion),
    ...checkExecutions(world, honestNames),
    ...honest.flatMap((guest) => checkGuest(guest, judged)),
    ...honest.flatMap((guest) => (isNetworkOpen(guest) ? [] : checkNetwork(guest, judged))),
    ...findSecrets(world, guests),
    ...checkNothingLeft(world, honest),
  ];
}

/** Every operation that was asked for by itself. */
export function judgeOperations(world: World): readonly Judged[] {
  return world.operations.map((asked) => judge(asked, world));
}

function judge(asked: AskedOperation, { ledger }: World): Judged {
  const [operation] = ledger.list({ requestId: asked.requestId });
  if (operation === undefined) return { asked, claim: "notSent", operation, endedAtMs: Infinity };
  const claim = claimOfOperation(operation) ?? "unknown";
  return { asked, claim, operation, endedAtMs: operation.updatedAt.getTime() };
}

/** It ended in exactly one state, and whoever asked was told of that one. */
function checkEnd({ asked, claim, operation }: Judged): readonly string[] {
  const { requestId, task, told } = asked;
  const what = `${requestId} (${task.kind})`;
  const faults: string[] = [];
  if (told.length > 1) faults.push(`${what} was told ${told.length} times`);
  const [outcome] = told;
  if (operation === undefined) {
    if (outcome?.claim === "done")
      faults.push(`${what} was told that it is done, and the ledger never had it`);
    return faults;
  }
  if (!isFinished(operation)) faults.push(`${what} has not ended: it is ${operation.state}`);
  const ends = operation.timeline.filter(isFinished).map(({ state }) => state);
  if (ends.length > 1 && ends.join(" ") !== "timedOut late")
    faults.push(`${what} ended as ${ends.join(", ")}`);
  const isOneSaid = outcome === undefined || outcome.claim === claim || outcome.claim === "unknown";
  if (!isOneSaid) faults.push(`${what} was told ${outcome.claim}, and the ledger says ${claim}`);
  return faults;
}

function checkProbe({ asked: { isProbe, guest, told }, claim }: Judged): readonly string[] {
  if (!isProbe || claim === "done") return [];
  return [`${guest} does not answer any more: ${told[0]?.text ?? "nobody was told"}`];
}

function checkVersion({ asked: { task, requestId }, claim, operation }: Judged): readonly string[] {
  const isLie = task.kind === "version" && claim === "done" && operation?.message !== AGENT_VERSION;
  return isLie ? [`${requestId} was not answered by the version but ${operation?.message}`] : [];
}

/** Nothing was carried out more often than it was asked for, and nothing while something else was. */
function checkExecutions({ executions, ledger }: World, honestNames: ReadonlySet<string>): readonly string[] {
  const faults: string[] = [];
  const times = new Map<string, number>();
  const endOf = new Map<string, number>();
  for (const execution of executions) {
    const { guest, process, requestId, command, startedAtMs, endedAtMs = startedAtMs } = execution;
    const key = `${process} ${requestId}`;
    const count = (times.get(key) ?? 0) + 1;
    // Another process of the agent may meet what the one before it had not answered.
    const attempts = ledger.entries.get(requestId)?.operation.attempts ?? preparationsOf(ledger, requestId);
    const isRepeatable = command === "password" || commandRule(command).mayRepeat;
    // A heartbeat is in no ledger, and is sent anew wherever its guest goes.
    const countMax = isHeartbeatId(requestId) ? Infinity : isRepeatable ? attempts : 1;
    if (count > countMax && honestNames.has(guest))
      faults.push(`${process} carried out ${command} ${requestId} ${count} times`);
    if (startedAtMs < (endOf.get(process) ?? 0)) faults.push(`${process} did two things at a time`);
    times.set(key, count);
    endOf.set(process, endedAtMs);
  }
  return faults;
}

/** How often the ledger says that a request which prepares another was sent. */
function preparationsOf(ledger: World["ledger"], requestId: string): number {
  const events = [...ledger.entries.values()].flatMap(({ operation }) => operation.timeline);
  return events.filter(({ text }) => text.endsWith(` as request ${requestId}`)).length;
}

/** What the ledger says of a guest's password and files is so in the guest. */
function checkGuest(guest: SimulatedGuest, judged: readonly Judged[]): readonly string[] {
  const own = judged.filter(({ asked }) => asked.guest === guest.name);
  const valueOf = ({ asked: { task } }: Judged): string | undefined =>
    secretIn(task) === undefined ? contentIn(task) : hashPassword(secretIn(task) ?? "");
  const places = [
    {
      what: "password",
      history: guest.disk.historyOfPassword(),
      isHere: ({ asked }: Judged) => asked.task.kind === "password",
    },
    {
      what: "registration",
      history: guest.disk.historyOfRegistration(),
      isHere: ({ asked }: Judged) => asked.task.kind === "kmsactivate",
    },
    ...INJECTED_PATHS.map((path) => ({
      what: path,
      history: guest.disk.historyOf(path),
      isHere: ({ asked: { task } }: Judged) => "path" in task && task.path === path,
    })),
  ];
  return places.flatMap(({ what, history, isHere }) =>
    checkPlace({ what: `${what} of ${guest.name}`, history, operations: own.filter(isHere), valueOf }),
  );
}

function contentIn(task: AskedTask): string | undefined {
  return "content" in task ? task.content : undefined;
}

function checkPlace(place: {
  readonly what: string;
  readonly history: readonly KeptValue[];
  readonly operations: readonly Judged[];
  readonly valueOf: (judged: Judged) => string | undefined;
}): readonly string[] {
  const { what, history, operations, valueOf } = place;
  const faults: string[] = [];
  const byValue = new Map(operations.map((judged) => [valueOf(judged), judged]));
  const [first] = history;
  for (const { value } of history) {
    const isKnown = byValue.has(value) || value === first?.value;
    if (!isKnown) faults.push(`${what} was in between: ${value}`);
  }
  for (const judged of operations) {
    const wasThere = history.some(({ value }) => value === valueOf(judged));
    if (judged.claim === "done" && !wasThere)
      faults.push(`${what} was not set by ${judged.asked.requestId}, which is done`);
  }
  const last = history.at(-1)?.value;
  const winner = byValue.get(last);
  const { requestId } = winner?.asked ?? { requestId: "nobody" };
  if (winner?.claim === "refused" || winner?.claim === "notSent") {
    faults.push(`${what} is that of ${requestId}, which ended as ${winner.claim}`);
  }
  const endedAtMs = winner === undefined ? 0 : winner.claim === "done" ? winner.endedAtMs : Infinity;
  const later = operations.find(
    ({ claim, operation }) => claim === "done" && sentAtMs(operation) > endedAtMs,
  );
  if (later !== undefined)
    faults.push(`${what} is that of ${requestId}, not of ${later.asked.requestId}, which is done`);
  return faults;
}

function sentAtMs(operation: Operation | undefined): number {
  return operation?.createdAt.getTime() ?? 0;
}

/** The network is one that was wanted, and the next boot gives the same. */
function checkNetwork(guest: SimulatedGuest, judged: readonly Judged[]): readonly string[] {
  // What ended in the middle has no network, and what was said to be left so is no surprise.
  if (guest.domid === undefined || guest.hasToldOfLoss) return [];
  const { name, disk } = guest;
  const { kernel } = disk;
  const { address } = kernel;
  const [inKernel, inFiles] = [kernel.addresses, kernel.addressesInFiles].map((each) =>
    JSON.stringify([...each]),
  );
  const wanted = judged.flatMap(({ asked: { guest, task, requestId }, claim }) =>
    guest === name && task.kind === "resetNetwork"
      ? [{ address: task.network.address, claim, requestId }]
      : [],
  );
  const last = wanted.at(-1);
  const isLie = last?.claim === "done" && last.address !== address;
  const isKnown =
    address === undefined || wanted.length === 0 || wanted.some((each) => each.address === address);
  return [
    ...(isLie ? [`${name} has address ${address}, not that of ${last.requestId}, which is done`] : []),
    ...(isKnown ? [] : [`${name} has address ${address}, which nobody wanted`]),
    ...(inKernel === inFiles
      ? []
      : [`network of ${name} is in between: ${inKernel} in the kernel, ${inFiles} in the files`]),
  ];
}

/** Requests and replies do not pile up. */
function checkNothingLeft({ store, ledger }: World, honest: readonly SimulatedGuest[]): readonly string[] {
  const snapshot = store.snapshot();
  const faults: string[] = [];
  for (const { domid } of honest) {
    if (domid === undefined) continue;
    const written = snapshot.list(`/local/domain/${domid}/data/host`) ?? [];
    // A heartbeat may be under way.
    const requests = written.filter((id) => !isHeartbeatId(id));
    if (requests.length > 0) faults.push(`domain ${domid} has left ${requests.join(", ")} unread`);
    const replies = snapshot.list(`/local/domain/${domid}/data/guest`) ?? [];
    const known = replies.filter((id) => ledger.entries.has(id));
    if (known.length > 0) faults.push(`replies ${known.join(", ")} were left behind at domain ${domid}`);
    // Each heartbeat removes what those before it have left.
    const heartbeats = replies.filter(isHeartbeatId);
    if (heartbeats.length > 0)
      faults.push(`heartbeats have left ${heartbeats.join(", ")} at domain ${domid}`);
  }
  return faults;
}
