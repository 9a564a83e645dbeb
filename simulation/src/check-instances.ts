import { type Action, type Instance, isFinished, type Operation, type Port } from "@nova-agent/host";
import { claimOfOperation } from "./claims.ts";
import type { Judged } from "./check-world.ts";
import type { AskedAction, InstanceUsers } from "./instance-users.ts";
import { HEARD_WITHIN_MS } from "./limits.ts";
import type { AskedTask } from "./operation-task.ts";
import type { SimulatedDatabase } from "./simulated-database.ts";
import type { Machine, SimulatedToolstack } from "./simulated-toolstack.ts";
import type { World } from "./world.ts";

/** What instances live on in a run. */
export interface Cloud {
  readonly database: SimulatedDatabase;
  readonly toolstack: SimulatedToolstack;
  readonly users: InstanceUsers;
}

/** Every operation of the ledger, with what its action asked for. */
export function judgeInstances({ ledger }: World, cloud: Cloud): readonly Judged[] {
  const actions = new Map(cloud.users.asked.map((action) => [action.requestId, action]));
  return [...ledger.entries.values()].map(({ operation }) => {
    const action = actions.get(operation.requestId);
    const machine = cloud.toolstack.machines.get(operation.instanceId);
    const guest = action?.name === "rescue" ? "a rescue system" : (machine?.name ?? "nobody");
    const { requestId, createdAt } = operation;
    const { kind } = operation;
    const isMain = kind === "password" || kind === "kmsactivate";
    const isDirect = action?.name === "changePassword" || action?.name === "register";
    const isSaid = isMain && isDirect && action?.outcome !== undefined;
    const told = isSaid && action.outcome !== undefined ? [action.outcome] : [];
    const task = taskOf(operation, action);
    const asked = { requestId, guest, task, askedAtMs: createdAt.getTime(), isProbe: false, told };
    const claim = claimOfOperation(operation) ?? "unknown";
    return { asked, claim, operation, endedAtMs: operation.updatedAt.getTime() };
  });
}

function taskOf({ kind }: Operation, action: AskedAction | undefined): AskedTask {
  if (kind === "password") return { kind, password: action?.password ?? "" };
  if (kind === "kmsactivate") return { kind, key: action?.password ?? "" };
  if (kind === "injectFile") return { kind, path: action?.path ?? "", content: action?.content ?? "" };
  return { kind: kind === "version" ? "version" : "features" };
}

/** Instances are as the database has them, on the host and in their guests. */
export async function checkInstances(world: World, cloud: Cloud): Promise<readonly string[]> {
  const { memory } = cloud.database;
  const unfinished = await memory.actions.unfinished();
  const faults = unfinished.map(({ requestId, action }) => `${requestId} (${action}) has not ended`);
  faults.push(...cloud.users.asked.flatMap(checkProbe));
  const ids = new Set([...world.ledger.entries.values()].map(({ operation }) => operation.instanceId));
  for (const { id } of await memory.instances.list({})) ids.add(id);
  for (const id of ids) {
    const instance = memory.instance(id);
    const ports = await memory.instances.ports(id);
    const machine = cloud.toolstack.machines.get(id);
    faults.push(...checkState(instance, machine));
    if (instance.vmState === "deleted") faults.push(...checkDeleted(instance, { machine, ports }));
    if (instance.vmState !== "active" || machine === undefined) continue;
    if (isExcused(await memory.actions.list(id))) continue;
    const cards = checkCards(world, { instance, machine, ports });
    faults.push(...cards);
    if (cards.length === 0) faults.push(...(await checkAddresses(world, cloud, { machine, ports })));
  }
  return faults;
}

/**
 * What could not be taken back, or be brought to a guest after a restart, was said. A card that was detached while the domain rebooted by itself goes
 * with its next boot.
 */
export function isExcused(actions: readonly Action[]): boolean {
  return actions.some(
    ({ action, message }) =>
      action === "detach_interface" || /could not be (taken back|brought)/i.test(message ?? ""),
  );
}

function checkProbe({ probed, outcome }: AskedAction): readonly string[] {
  if (probed === undefined || outcome?.claim === "done") return [];
  return [`${probed} does not answer any more: ${outcome?.text ?? "nobody was told"}`];
}

/** What is known of agents that nothing has befallen for long; to be looked at before users ask them. */
export async function checkAgents(world: World, { database, toolstack }: Cloud): Promise<readonly string[]> {
  const instances = await database.memory.instances.list({ vmStates: ["active"] });
  return instances.flatMap((instance) => checkAgent(world, instance, toolstack.machines.get(instance.id)));
}

/** Nobody works at it any more, and what runs is what it says. */
function checkState({ name, taskState, vmState }: Instance, machine: Machine | undefined): readonly string[] {
  const running =
    machine?.rescue?.domid !== undefined
      ? "rescued"
      : machine?.own.domid !== undefined
        ? "active"
        : "stopped";
  const faults = taskState === null ? [] : [`${name} is left in task ${taskState}`];
  if (vmState === "building") return [...faults, `${name} is left building`];
  if (vmState === "error") return faults;
  const said = vmState === "deleted" ? "stopped" : vmState;
  return said === running ? faults : [...faults, `${name} is ${vmState}, and on the host it is ${running}`];
}

function checkAgent(
  { clock }: World,
  { name, agentSeenAt, agentSilentSince }: Instance,
  machine: Machine | undefined,
): readonly string[] {
  if (machine?.own.domid === undefined || machine.own.isHostile) return [];
  const heardAgoMs = clock.nowMs() - (agentSeenAt?.getTime() ?? -Infinity);
  const isHeard = agentSilentSince === null && heardAgoMs <= HEARD_WITHIN_MS;
  return isHeard
    ? []
    : [`the agent of ${name} counts as ${agentSilentSince === null ? "unheard" : "silent"}`];
}

function checkDeleted(
  { name }: Instance,
  { machine, ports }: { readonly machine: Machine | undefined; readonly ports: readonly Port[] },
): readonly string[] {
  const faults = machine?.hasDisk === true ? [`${name} is deleted, and its disk is there`] : [];
  return ports.length === 0 ? faults : [...faults, `${name} is deleted, and has ports`];
}

interface Cards {
  readonly machine: Machine;
  readonly ports: readonly Port[];
}

/** Its ports, the domain's VIFs and vm-data are the same cards. */
function checkCards(
  { store }: World,
  { instance, machine, ports }: Cards & { readonly instance: Instance },
): readonly string[] {
  const { domid } = machine.own;
  const keys = store.snapshot().list(`/local/domain/${domid}/vm-data/networking`) ?? [];
  const wanted = textOf(ports.map(({ mac }) => mac));
  const places = {
    VIFs: textOf(machine.vifs.map(({ mac }) => mac)),
    "vm-data": textOf(keys.map((key) => key.replaceAll(/..(?=.)/g, "$&:"))),
  };
  return Object.entries(places).flatMap(([place, text]) =>
    text === wanted ? [] : [`the cards of ${instance.name} are ${wanted}, and in the ${place} ${text}`],
  );
}

function textOf(macs: readonly string[]): string {
  return JSON.stringify(macs.map((mac) => mac.toLowerCase()).toSorted());
}

const cardActions: ReadonlySet<string> = new Set(["create", "attach_interface", "detach_interface"]);

/** What was said to be applied is in the kernel. */
async function checkAddresses(
  { ledger }: World,
  { database }: Cloud,
  { machine, ports }: Cards,
): Promise<readonly string[]> {
  const { name, uuid, own } = machine;
  if (own.isHostile || own.hasToldOfLoss) return [];
  const last = (await database.memory.actions.list(uuid)).find(({ action }) => cardActions.has(action));
  const latest = ledger.list({ instanceId: uuid }).find(({ kind }) => kind === "resetNetwork");
  // Of a card that came while the domain was away, and is plugged since.
  if (latest?.message?.includes("Left out") === true) return [];
  const isSaid = latest?.requestId === last?.requestId && latest !== undefined && isFinished(latest);
  if (!isSaid || claimOfOperation(latest) !== "done" || last?.message !== null) return [];
  const wanted = ports.map(({ mac, fixedIps }) => `${mac} ${fixedIps[0]?.address}`).toSorted();
  const inKernel = [...own.disk.kernel.addresses].map(([mac, text]) => `${mac} ${text.replace(/\/.*/, "")}`);
  const [said, found] = [JSON.stringify(wanted), JSON.stringify(inKernel.toSorted())];
  return said === found ? [] : [`${name} has the addresses ${found}, and is to have ${said}`];
}
