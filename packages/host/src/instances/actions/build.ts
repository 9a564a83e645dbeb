import { encodeUtf8 } from "@nova-agent/xenstore";
import { HostError } from "../../errors.ts";
import type { CancelSignal } from "../../cancel-signal.ts";
import type { InstanceCall } from "../../ports/guest-operations.ts";
import type { Requester } from "../../ports/requester.ts";
import { audit, logFailure, messageOf, type RunningAction, settle, step } from "../action.ts";
import { type Card, findCard, takeChosenCards } from "./cards.ts";
import { findFlavor, findImage, startDomain } from "../domains/domains-of-instances.ts";
import { askWhereItIs } from "./guest-network.ts";
import { awaitReport } from "./guest-report.ts";
import type { Instance } from "../instance.ts";
import type { InstanceContext } from "../instance-context.ts";
import type { Image, KeyPair } from "../inventory.ts";
import { encryptedFor } from "./keep-password.ts";
import { BUILD_AGENT_TIMEOUT_MS } from "../limits.ts";
import type { CreateRequest } from "../requests.ts";
import { hostnameOf } from "../vm-data.ts";

/** How far a build is when a step has been done, in per cent. */
const progressAfter = {
  ports: 10,
  domain: 30,
  xe_daemon: 40,
  version: 55,
  files: 70,
  password: 85,
  reset_network: 95,
} as const;

type BuildStep = keyof typeof progressAfter;

interface Build extends RunningAction {
  readonly request: CreateRequest;
  readonly image: Image;
  readonly cards: readonly Card[];
  readonly keyPair: KeyPair | undefined;
  readonly signal: CancelSignal;
  readonly onStep: (name: BuildStep) => void;
}

/**
 * Writes the instance down and builds it behind the answer. Throws BAD_ARGUMENT for an image, a flavor,
 * a network or a key pair that is not there, and NO_SUCH_PORT and ADDRESS_TAKEN for a port or an address
 * that was chosen and is not free.
 */
export async function createInstance(
  context: InstanceContext,
  requester: Requester,
  request: CreateRequest,
): Promise<Instance> {
  try {
    const parts = await findParts(context, requester, request);
    const instance = newInstance(context, requester, request);
    await context.database.instances.insert(instance);
    await context.database.actions.begin(requester, { instanceId: instance.id, action: "create" });
    const running = { context, requester, instance, action: "create", taskState: "spawning" } as const;
    await takeChosenCards(running, parts.cards);
    await audit(context, requester, { what: "create", target: instance.id, outcome: "begun" });
    context.background.start(instance.id, (signal) =>
      context.builds.run(signal, () => build({ ...running, ...parts, request, signal, onStep: () => {} })),
    );
    return instance;
  } catch (error) {
    request.adminPass.wipe();
    throw error;
  }
}

async function findParts(
  context: InstanceContext,
  requester: Requester,
  request: CreateRequest,
): Promise<Pick<Build, "image" | "cards" | "keyPair">> {
  const [image, cards, keyPair] = await Promise.all([
    findImage(context, request.imageId),
    Promise.all(request.cards.map((card) => findCard(context, requester, card))),
    findKeyPair(context, requester, request.keyName),
    findFlavor(context, request.flavorId),
  ]);
  return { image, cards, keyPair };
}

async function findKeyPair(
  { database }: InstanceContext,
  { userId }: Requester,
  name: string | null,
): Promise<KeyPair | undefined> {
  if (name === null) return undefined;
  const keyPair = await database.inventory.findKeyPair(userId, name);
  if (keyPair === undefined) throw new HostError("BAD_ARGUMENT", `Invalid key_name provided: ${name}`);
  return keyPair;
}

function newInstance(context: InstanceContext, requester: Requester, request: CreateRequest): Instance {
  const { name, imageId, flavorId, keyName, metadata } = request;
  const id = context.newId();
  const createdAt = context.now();
  return {
    id,
    projectId: requester.projectId,
    userId: requester.userId,
    name,
    hostname: hostnameOf(name, id),
    imageId,
    flavorId,
    keyName,
    vmState: "building",
    taskState: "spawning",
    progress: 0,
    rescueImageId: null,
    metadata,
    agentVersion: null,
    agentSeenAt: null,
    agentSilentSince: null,
    agentFeatures: null,
    encryptedPassword: null,
    fault: null,
    createdAt,
    updatedAt: createdAt,
    launchedAt: null,
    deletedAt: null,
  };
}

/** Never rejects: how it ended is written down. */
async function build(begun: Build): Promise<void> {
  const { context, request, image } = begun;
  const beganMs = context.clock.nowMs();
  let current: BuildStep = "ports";
  const onStep = (name: BuildStep): void => {
    current = name;
  };
  try {
    await runSteps({ ...begun, onStep });
    const changes = { vmState: "active", progress: 100, launchedAt: context.now(), fault: null } as const;
    await settle(begun, { changes, message: null });
  } catch (error) {
    logFailure(begun, error);
    const seconds = Math.round((context.clock.nowMs() - beganMs) / 1000);
    const message = failureText(error, { current, seconds, image });
    const fault = { code: 500, message, at: context.now() };
    await settle(begun, { changes: { vmState: "error", fault }, message, error });
  } finally {
    request.adminPass.wipe();
  }
}

async function runSteps(build: Build): Promise<void> {
  const { context, instance, image, request, cards } = build;
  const call = callOf(build);
  await buildStep(build, "ports", async () => {
    for (const { take } of cards.filter(({ isChosen }) => !isChosen)) await take({ instanceId: instance.id });
  });
  const { domid } = await buildStep(build, "domain", () =>
    startDomain(context, instance, { boot: "own", image }),
  );
  if (!image.hasAgent) return;
  await meetAgent(build, domid);
  await buildStep(build, "files", () => injectFiles(build));
  const kept = await encryptedFor(build, request.adminPass);
  await buildStep(build, "password", () => context.operations.password(call, request.adminPass));
  await context.database.instances.update(instance.id, kept);
  const ask = () => context.operations.resetNetwork(call);
  await buildStep(build, "reset_network", () => askWhereItIs(build, { ask }));
}

/**
 * Waits for xe-daemon, which tells that the guest has booted, and for the agent's version. A guest
 * without xe-daemon is not waited for any longer than its agent needs.
 */
async function meetAgent(build: Build, domid: number): Promise<void> {
  const { context, instance } = build;
  const report = awaitReport(context, domid);
  const timeoutMs = BUILD_AGENT_TIMEOUT_MS;
  const answer = context.operations.version({ ...callOf(build), timeoutMs });
  try {
    const isUp = Promise.race([report.seen, answer]);
    isUp.catch(() => {
      // It may fail while the step that awaits it is being written down.
    });
    await buildStep(build, "xe_daemon", () => isUp);
    const agentVersion = await buildStep(build, "version", () => answer);
    await context.database.instances.update(instance.id, { agentVersion });
  } finally {
    await report.close();
  }
}

/** The key of the owner as Nova writes it (nova, agent.py, inject_ssh_key), then the files that were asked for. */
async function injectFiles({ keyPair, image, request, ...build }: Build): Promise<void> {
  const { operations } = build.context;
  const keyFile = {
    path: "/root/.ssh/authorized_keys",
    content: encodeUtf8(`\n# The following ssh key was injected by Nova\n${keyPair?.publicKey ?? ""}\n`),
  };
  const hasKey = keyPair !== undefined && image.osType !== "windows";
  for (const file of [...(hasKey ? [keyFile] : []), ...request.files]) {
    await operations.injectFile(callOf(build), file);
  }
}

function callOf({
  instance,
  requester,
  signal,
}: Pick<Build, "instance" | "requester" | "signal">): InstanceCall {
  return { instanceId: instance.id, requester, signal };
}

async function buildStep<Result>(
  build: Build,
  name: BuildStep,
  body: () => Promise<Result>,
): Promise<Result> {
  const { context, instance, taskState, signal } = build;
  build.onStep(name);
  if (signal.aborted) throw new HostError("CANCELLED", "The build was given up");
  const result = await step(build, name, body);
  await context.database.instances.update(instance.id, { progress: progressAfter[name] }, { taskState });
  return result;
}

function failureText(
  error: unknown,
  {
    current,
    seconds,
    image,
  }: { readonly current: BuildStep; readonly seconds: number; readonly image: Image },
): string {
  const text = `Build failed at step ${current} after ${seconds} s: ${messageOf(error)}`;
  const isOfGuest = current !== "ports" && current !== "domain";
  if (!isOfGuest || (error instanceof HostError && error.code === "CANCELLED")) return text;
  return (
    `${text}. On the console of the guest, "nova-agent doctor" tells whether the service nova-agent runs, ` +
    `/dev/xen/xenbus can be opened, data/host and data/guest can be used, and vm-data is understood; ` +
    `an image without an agent (here: ${image.name}) must be marked so`
  );
}
