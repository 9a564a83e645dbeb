import type { XenstoreReader } from "../commands/command.ts";
import { planReset } from "../commands/resetnetwork.ts";
import type { Logger } from "../log.ts";
import type { Pause } from "../pause.ts";
import { flatSteps, type Plan } from "../plan.ts";
import { hasSystemd, isBeforeNetwork } from "../system/boot.ts";
import { execute, recover } from "../system/executor.ts";
import { NETWORK_START_POLL_MS, NETWORK_START_SETTLE_MS, NETWORK_START_WAIT_MS } from "../system/limits.ts";
import { readResetFacts, readWantedGuest, type ResetFacts } from "../system/reset-facts.ts";
import type { System } from "../system/system.ts";

/** What the start of the agent stands on. */
export interface StartUpOptions {
  readonly system: System;
  readonly xenstore: XenstoreReader;
  readonly log: Logger;
  readonly root: string;
  /** Whether host name and network are brought about at all. */
  readonly isApplied: boolean;
  /** Ended when the agent is to end. */
  readonly pause: Pause;
  /** Lets what is ordered behind the agent begin. */
  readonly ready: () => void;
}

/**
 * Takes back what an agent that was killed has left half done, and brings host name and network about
 * as `vm-data` has them, before requests are served; what is so already is left alone. While systemd
 * boots the guest and its network services have yet to start, that is their files alone; then the
 * services may start, and what they have not brought about is done after them. A failure is logged and
 * ends nothing. Never rejects.
 */
export async function startUp(options: StartUpOptions): Promise<void> {
  const { system, root, log, isApplied, ready } = options;
  const takeBack = (isBeforeNetwork: boolean) =>
    attempt(options, () => recover({ system, root, log, isBeforeNetwork }));
  const isEarly = root === "/" && (await isBeforeNetwork(system));
  if (isEarly) await takeBack(true);
  if (isEarly && isApplied) await attempt(options, () => apply({ ...options, isEarly }));
  // In every start: systemd starts a service of the network, or starts it again, only when the agent that
  // is ordered before it has started itself.
  if (root === "/" && hasSystemd(system)) ready();
  if (isEarly) await waitForNetworkServices(options);
  else await takeBack(false);
  if (isApplied) await attempt(options, () => apply({ ...options, isEarly: false, settles: isEarly }));
}

async function attempt({ log }: StartUpOptions, body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.error("Could not bring the guest in order at the start", { reason });
  }
}

interface Application extends StartUpOptions {
  /** Whether the network services have yet to start, and will read the files then. */
  readonly isEarly: boolean;
  /** Whether services have just started that may be about to bring about what is in their files. */
  readonly settles?: boolean;
}

async function apply(options: Application): Promise<void> {
  const { system, xenstore, log, root, isEarly, settles = false } = options;
  const startedAtMs = system.clock.nowMs();
  const wanted = await readWantedGuest(xenstore);
  const isNothingNamed = wanted.links.length === 0 && wanted.hostname === undefined;
  if (isNothingNamed && (wanted.faults ?? []).length === 0) {
    log.debug("Nothing to apply at the start, because vm-data names no network and no host name");
    return;
  }
  const readFacts = () => readResetFacts(wanted, { system, root });
  const facts = await readFacts();
  const inFiles = planReset(withoutKernel(facts));
  let plan = isEarly ? inFiles : planReset(facts);
  // Services that have just started may be about to bring about what is in their files.
  if (settles && inFiles.steps.length === 0) plan = await waitUntilSo(readFacts, options);
  tellLeftOut(plan, log);
  if (!hasWork(plan, isEarly)) {
    log.debug("Host name and network are as wanted at the start");
    return;
  }
  await execute(plan, { system, root, log, isBeforeNetwork: isEarly });
  const durationMs = Math.round(system.clock.nowMs() - startedAtMs);
  const networks = wanted.links.length;
  log.info("Applied host name and network at the start", { durationMs, networks, isBeforeNetwork: isEarly });
}

function tellLeftOut({ reply: { returncode, message: reason } }: Plan, log: Logger): void {
  if (returncode !== "0") log.error("Not all was brought about at the start", { reason });
  else if (reason !== "") log.warn("Network left out at the start", { reason });
}

/** The facts as far as files tell them: the kernel's network follows when its services read them. */
function withoutKernel(facts: ResetFacts): ResetFacts {
  const { kernel: _kernel, ...network } = facts.network;
  return { ...facts, network };
}

function hasWork({ steps }: Plan, isEarly: boolean): boolean {
  return flatSteps(steps).some((step) => !isEarly || (step.step !== "run" && step.step !== "whenTakenBack"));
}

/** The plan when nothing is left to do, or when the time for that is up. */
async function waitUntilSo(
  readFacts: () => Promise<ResetFacts>,
  { system: { clock }, pause }: StartUpOptions,
): Promise<Plan> {
  const deadlineMs = clock.nowMs() + NETWORK_START_SETTLE_MS;
  let plan = planReset(await readFacts());
  while (plan.steps.length > 0 && clock.nowMs() < deadlineMs && !pause.isEnded) {
    await pause.wait(NETWORK_START_POLL_MS);
    plan = planReset(await readFacts());
  }
  return plan;
}

async function waitForNetworkServices({ system, pause, log }: StartUpOptions): Promise<void> {
  const deadlineMs = system.clock.nowMs() + NETWORK_START_WAIT_MS;
  while (!pause.isEnded && (await isBeforeNetwork(system))) {
    if (system.clock.nowMs() >= deadlineMs) {
      log.warn("The network services have not started in time", { limitMs: NETWORK_START_WAIT_MS });
      return;
    }
    await pause.wait(NETWORK_START_POLL_MS);
  }
}
