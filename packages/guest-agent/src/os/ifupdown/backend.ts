import { encodeUtf8 } from "@nova-agent/xenstore";
import type { Family } from "../../network/address.ts";
import { INTERFACE_TIMEOUT_MS } from "../../network/limits.ts";
import type { WantedInterface, WantedNetwork } from "../../network/wanted-network.ts";
import type { RunStep, SimpleStep, WriteFileStep } from "../../plan.ts";
import { type Claim, isSoInKernel, type NetworkBackend, type NetworkFacts } from "../backend.ts";
import { planResolver, resolverEvidence, resolverFiles } from "../resolv-conf.ts";
import { keptOptions } from "./kept-options.ts";
import { ifupOf, ifupPaths, type Program } from "./program.ts";
import { type Dialect, renderStanzas } from "./render.ts";
import { familiesWithoutGateway } from "./gateway-option.ts";
import { baseName, labelledNames, logicalNames, meaningOf, replaceStanzas } from "./replace-stanzas.ts";
import { INTERFACES_PATH, mayBeSourced, type SourceFile, sourcedPaths, sourceFiles } from "./sources.ts";

/** What tells the back ends of this family apart. */
interface Member {
  readonly name: string;
  readonly programs: readonly Program[];
  readonly dialect: Dialect;
  /** Which interfaces are up through ifup: lines such as `eth0=eth0`. Empty where nobody tells. */
  readonly statePaths: readonly string[];
  /** Makes ifdown go on where something fails, or where it thinks that it has nothing to do. */
  readonly force: string;
}

/** What gives `dns-nameservers` to whichever resolvconf brings it (resolvconf(8), "THE IFUPDOWN CASE"). */
const RESOLVER_HOOK_PATH = "/etc/network/if-up.d/000resolvconf";

/** Debian's ifupdown (interfaces(5), ifup(8)). */
export const ifupdown = memberBackend({
  name: "ifupdown",
  programs: ["ifupdown"],
  dialect: { mergesStanzas: true, hasOptions: true, hasDns: true },
  statePaths: ["/run/network/ifstate"],
  force: "--force",
});

/**
 * ifupdown2, which Debian packages as well (interfaces(5) and ifupdown-addons-interfaces(5) of
 * ifupdown2). Its state is no text; it takes one `metric` for all gateways of an interface.
 */
export const ifupdown2 = memberBackend({
  name: "ifupdown2",
  programs: ["ifupdown2"],
  dialect: { mergesStanzas: true, hasOptions: false, hasDns: true },
  statePaths: [],
  force: "--force",
});

/**
 * Alpine Linux: the ifup of busybox (its networking/ifupdown.c is the only reference), or ifupdown-ng
 * (its interfaces(5)), which reads what is written for the other. Neither has name servers.
 */
export const alpine = memberBackend({
  name: "alpine",
  programs: ["busybox", "ifupdown-ng"],
  dialect: { mergesStanzas: false, hasOptions: false, hasDns: false },
  statePaths: ["/run/ifstate", "/var/run/ifstate"],
  force: "-f",
});

function memberBackend(member: Member): NetworkBackend {
  return {
    name: member.name,
    evidence: [...ifupPaths, RESOLVER_HOOK_PATH, ...resolverEvidence],
    filesToRead: () => [INTERFACES_PATH, ...member.statePaths, ...resolverFiles],
    filesIncluded: sourcedPaths,
    manages: (facts) => manages(facts, member),
    plan: (wanted, facts) => plan(wanted, facts, member),
  };
}

function manages(facts: NetworkFacts, member: Member): Claim {
  const program = ifupOf(facts);
  if (!member.programs.some((each) => each === program) || !facts.files.has(INTERFACES_PATH)) return "no";
  const text = wholeText(sourceFiles(facts.files));
  const isOwn = (name: string) => isUp(name, facts, member) || logicalNames(text, name).length > 0;
  return facts.vifs.some(({ name }) => isOwn(name)) ? "yes" : "could";
}

/** Whether ifup has begun to bring it up, and ifdown not to take it down: both write so before they act. */
function isUp(name: string, { files }: NetworkFacts, { statePaths }: Member): boolean {
  const lines = statePaths.flatMap((path) => (files.get(path) ?? "").split("\n"));
  // ifupdown-ng counts in further words who has brought it up (ifstate(5)).
  return lines.some((line) => line.split(" ")[0] === `${name}=${name}`);
}

function plan(wanted: WantedNetwork, facts: NetworkFacts, member: Member): readonly SimpleStep[] {
  const { dialect, force } = member;
  const sources = sourceFiles(facts.files);
  const text = wholeText(sources);
  const withoutGateway = familiesWithoutGateway(wanted, text, facts);
  const judged = wanted.interfaces.map((each) => judge(each, { text, facts, member, withoutGateway }));
  const left = namesLeftBehind(wanted, text, facts).map((name) => [name, ""] as const);
  const stanzas = new Map([...left, ...judged.map((each) => [each.name, each.stanzas] as const)]);
  const names = judged.filter(({ isSo }) => !isSo).map(({ name }) => name);
  const hasDns = dialect.hasDns && facts.evidence.has(RESOLVER_HOOK_PATH);
  return [
    // By the old file and before it changes: ifdown takes back what it finds there.
    ...names.flatMap((name) =>
      logicalNames(text, name)
        .toReversed()
        .flatMap((each) => takeDown(each, force)),
    ),
    ...sources.flatMap((source) => rewrite(source, { stanzas, facts })),
    ...names.map((name) => flush(name, force)),
    ...names.map((name) => {
      // One that was detached is up by ifup's state alone, and without stanzas none has taken it down.
      const isStale = logicalNames(text, name).length === 0 && isUp(name, facts, member);
      return bringUp(name, isStale ? [force] : []);
    }),
    ...(hasDns ? [] : planResolver(wanted, facts)),
  ];
}

/**
 * Interfaces that an agent has written stanzas for and that the guest has no more: `ifup -a` would fail
 * for them at the next boot. None while a VIF is still awaited, which may be one of them, nor of another system.
 */
function namesLeftBehind(wanted: WantedNetwork, text: string, facts: NetworkFacts): string[] {
  if (wanted.missing.length > 0 || facts.kernel === undefined) return [];
  const { links } = facts.kernel;
  return labelledNames(text).filter((name) => !links.has(name));
}

interface Judged {
  readonly name: string;
  readonly stanzas: string;
  /** Whether nothing is to be done for it. */
  readonly isSo: boolean;
}

interface JudgeOptions {
  readonly text: string;
  readonly facts: NetworkFacts;
  readonly member: Member;
  readonly withoutGateway: ReadonlySet<Family>;
}

function judge(wanted: WantedInterface, options: JudgeOptions): Judged {
  const { text, facts, member, withoutGateway } = options;
  const { name } = wanted;
  const { dialect, statePaths } = member;
  const isInFiles = (stanzas: string) => meaningOf(text, name) === meaningOf(stanzas, name);
  // What is right in the files need not be up: a reset that was killed may have taken it down.
  const isRunning = (statePaths.length === 0 || isUp(name, facts, member)) && isSoInKernel(wanted, facts);
  const kept = keptOptions(text, wanted);
  const stanzas = renderStanzas(wanted, { dialect, withoutGateway, kept });
  if (!isRunning || isInFiles(stanzas)) return { name, stanzas, isSo: isRunning };
  // What was written when other interfaces had other routes does as well while all is up.
  const earlier = familyChoices
    .map((each) => renderStanzas(wanted, { dialect, withoutGateway: each, kept }))
    .find(isInFiles);
  return { name, stanzas: earlier ?? stanzas, isSo: earlier !== undefined };
}

/** Which families may have been written without `gateway`. */
const familyChoices: readonly ReadonlySet<Family>[] = [
  new Set(),
  new Set([4]),
  new Set([6]),
  new Set([4, 6]),
];

function wholeText(sources: readonly SourceFile[]): string {
  return sources.map(({ text }) => text).join("\n");
}

interface Rewrite {
  readonly stanzas: ReadonlyMap<string, string>;
  readonly facts: NetworkFacts;
}

function rewrite({ path, text }: SourceFile, { stanzas, facts }: Rewrite): WriteFileStep[] {
  const content = replaceStanzas(text, { stanzas, appends: path === INTERFACES_PATH });
  // The last line may lack its end; that alone is no reason to write.
  if (content === text || content === `${text}\n`) return [];
  // A backup in a directory that is sourced whole would be read as configuration again.
  const backup = !mayBeSourced(`${path}.0.bak`, facts.files);
  return [{ step: "writeFile", path, content: encodeUtf8(content), mode: 0o644, backup }];
}

/**
 * An ifdown that was ended in the middle has left addresses and routes behind with which ifup would fail:
 * before it brings the interface up again they go, and the kernel lets routes go with the link.
 */
function takeDown(name: string, force: string): SimpleStep[] {
  const device = baseName(name);
  const flushing = ["ip", "address", "flush", "dev", device] as const;
  const isAlias = name !== device;
  const common = { timeoutMs: INTERFACE_TIMEOUT_MS } as const;
  return [
    // By force, for ifdown may not have begun, and ifup leaves alone what it has up.
    { step: "whenTakenBack", argv: ["ifup", force, name], ...common },
    // What the interface has besides is not the alias's.
    ...(isAlias ? [] : [{ step: "whenTakenBack", argv: flushing, ...common } as const]),
    {
      step: "run",
      argv: ["ifdown", force, name],
      undo: isAlias ? [...flushing, "label", name] : ["ip", "link", "set", "dev", name, "down"],
      ...common,
      failure: `Error stopping network: ${name}`,
    },
  ];
}

/**
 * Addresses that ifupdown did not set would make it fail. Taking this back is what clears away a
 * half-done ifup, before the old file returns.
 */
function flush(name: string, force: string): RunStep {
  return {
    step: "run",
    argv: ["ip", "address", "flush", "dev", name],
    undo: ["ifdown", force, name],
    timeoutMs: INTERFACE_TIMEOUT_MS,
    failure: `Error flushing network: ${name}`,
  };
}

function bringUp(name: string, options: readonly string[]): RunStep {
  return {
    step: "run",
    argv: ["ifup", ...options, name],
    timeoutMs: INTERFACE_TIMEOUT_MS,
    failure: `Error starting network: ${name}`,
  };
}
