import { decodeLatin1 } from "@nova-agent/xenstore";
import { SystemError } from "../errors.ts";
import {
  type KeptEntry,
  type KeptNetwork,
  missingEntries,
  parseAddressEntries,
  parseRouteEntries,
  putBackArgv,
  withoutOnLink,
} from "../network/kept-network.ts";
import {
  KEPT_ENTRIES_MAX,
  KERNEL_FILE_MAX_BYTES,
  KERNEL_LOOK_TIMEOUT_MS,
  PUT_BACK_LOOKS_MAX,
  PUT_BACK_PAUSE_MS,
} from "../network/limits.ts";
import { parseAddressShow } from "../network/parse-kernel.ts";
import { runIfThere } from "./kernel-facts.ts";
import { runProgram } from "./steps/program.ts";
import { asStepFailure, isLive, type StepContext, stepFailure } from "./steps/step.ts";
import type { RestoreNetwork } from "./undo-record.ts";

/** Changes with every start of the kernel (random(4)). */
const BOOT_ID_PATH = "/proc/sys/kernel/random/boot_id";

/**
 * What links have in the kernel, so that it can be put back: a network may be there of which no file of
 * the network manager says anything, and then nothing that the manager does brings it back. Undefined
 * when there is nothing, or the kernel does not tell.
 */
export async function keepNetwork(
  names: readonly string[],
  context: StepContext,
): Promise<RestoreNetwork | undefined> {
  const found = await look(new Set(names), context);
  if (found === undefined || found.entries.length === 0) return undefined;
  const entries = found.entries.slice(0, KEPT_ENTRIES_MAX);
  const left = found.entries.length - entries.length;
  if (left > 0)
    context.log?.warn("Some of the kernel's addresses and routes would not be put back", { left });
  return { undo: "restoreNetwork", ...found, entries };
}

/**
 * Puts back what of it is missing. Throws AGENT_STEP_FAILED with what could not be; does nothing where
 * the kernel is another one: it never had it.
 */
export async function putNetworkBack(kept: KeptNetwork, context: StepContext): Promise<void> {
  if (!isLive(context) || context.isBeforeNetwork || kept.bootId !== readBootId(context)) return;
  const names = new Set(kept.links.map(({ name }) => name));
  let losses: readonly string[] = [];
  // Managers end what they were told to do only behind the program that told them, and may take away again.
  for (let looks = 0; looks < PUT_BACK_LOOKS_MAX; looks += 1) {
    const now = await look(names, context);
    if (now === undefined) throw stepFailure("Cannot put the network back: ip does not tell what there is");
    const lost = await bringLinksBack(kept, { now, context });
    const missing = missingEntries(kept.entries, now.entries);
    if (missing.length === 0) return tell(lost);
    losses = [...lost, ...(await putBack(missing, { now, kept, context }))];
    await pause(context);
  }
  tell(losses);
}

function tell(losses: readonly string[]): void {
  if (losses.length > 0) throw stepFailure(losses.join("; "));
}

interface Present {
  readonly now: KeptNetwork;
  readonly context: StepContext;
}

/** Without its link up, or with a smaller MTU, what is on it does not work. */
async function bringLinksBack({ links }: KeptNetwork, { now, context }: Present): Promise<readonly string[]> {
  const losses: string[] = [];
  for (const { name, isUp, mtuBytes } of links) {
    const present = now.links.find((link) => link.name === name);
    if (present === undefined) continue;
    const up = isUp && !present.isUp ? ["up"] : [];
    const mtu = mtuBytes === present.mtuBytes ? [] : ["mtu", String(mtuBytes)];
    if (up.length + mtu.length === 0) continue;
    losses.push(...(await attempt(["ip", "link", "set", "dev", name, ...mtu, ...up], context)));
  }
  return losses;
}

async function putBack(
  entries: readonly KeptEntry[],
  { now, kept, context }: Present & { readonly kept: KeptNetwork },
): Promise<readonly string[]> {
  const present = { now: now.entries, kept: kept.entries };
  const losses: string[] = [];
  for (const entry of entries) {
    const lost = await attempt(putBackArgv(entry, present), context);
    const bare = lost.length === 0 ? undefined : withoutOnLink(entry);
    const isBack = bare !== undefined && (await attempt(putBackArgv(bare, present), context)).length === 0;
    if (!isBack) losses.push(...lost);
  }
  return losses;
}

async function attempt(
  argv: readonly [string, ...string[]],
  context: StepContext,
): Promise<readonly string[]> {
  const failure = `Cannot put back by ${argv.join(" ")}`;
  try {
    await runProgram({ argv, timeoutMs: KERNEL_LOOK_TIMEOUT_MS }, { failure, context });
    return [];
  } catch (error) {
    return [asStepFailure(error).message];
  }
}

async function pause({ system: { clock } }: StepContext): Promise<void> {
  await new Promise<void>((resolve) => {
    clock.after(PUT_BACK_PAUSE_MS, resolve);
  });
}

async function look(names: ReadonlySet<string>, context: StepContext): Promise<KeptNetwork | undefined> {
  const addresses = await show(["ip", "address", "show"], context);
  const links = parseAddressShow(addresses ?? "");
  // Every kernel has a loopback at least.
  if (addresses === undefined || links.size === 0) return undefined;
  const [ipv4, ipv6] = [
    await show(["ip", "-4", "route", "show"], context),
    await show(["ip", "-6", "route", "show"], context),
  ];
  return {
    bootId: readBootId(context),
    links: [...links.values()]
      .filter(({ name }) => names.has(name))
      .map(({ name, isUp, mtuBytes }) => ({ name, isUp, mtuBytes })),
    entries: [
      ...parseAddressEntries(addresses, names),
      ...parseRouteEntries(ipv4 ?? "", { family: 4, names }),
      ...parseRouteEntries(ipv6 ?? "", { family: 6, names }),
    ],
  };
}

async function show(
  argv: readonly [string, ...string[]],
  { system }: StepContext,
): Promise<string | undefined> {
  const result = await runIfThere({ argv, timeoutMs: KERNEL_LOOK_TIMEOUT_MS }, system);
  return result?.status === 0 ? decodeLatin1(result.stdout) : undefined;
}

function readBootId({ files }: StepContext): string {
  try {
    return decodeLatin1(files.read(BOOT_ID_PATH, KERNEL_FILE_MAX_BYTES)).trim();
  } catch (error) {
    if (error instanceof SystemError) return "";
    throw error;
  }
}
