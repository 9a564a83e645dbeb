import { encodeUtf8 } from "@nova-agent/xenstore";
import { INTERFACE_TIMEOUT_MS } from "../../network/limits.ts";
import type { WantedInterface, WantedNetwork } from "../../network/wanted-network.ts";
import type { RunStep, Step, WriteFileStep } from "../../plan.ts";
import { type Claim, isSoInKernel, type NetworkBackend, type NetworkFacts } from "../backend.ts";
import { planResolver, resolverEvidence, resolverFiles } from "../resolv-conf.ts";
import { renderStanzas } from "./render.ts";
import { logicalNames, meaningOf, replaceStanzas } from "./replace-stanzas.ts";
import { INTERFACES_PATH, mayBeSourced, type SourceFile, sourcedPaths, sourceFiles } from "./sources.ts";

const programs = ["/sbin/ifup", "/usr/sbin/ifup"];

/** Which interfaces are up through ifup: lines such as `eth0=eth0` (ifup(8), FILES). */
const STATE_PATH = "/run/network/ifstate";

/** What gives `dns-nameservers` to whichever resolvconf brings it (resolvconf(8), "THE IFUPDOWN CASE"). */
const RESOLVER_HOOK_PATH = "/etc/network/if-up.d/000resolvconf";

/** Debian's ifupdown (interfaces(5), ifup(8)). */
export const ifupdown: NetworkBackend = {
  name: "ifupdown",
  evidence: [...programs, RESOLVER_HOOK_PATH, ...resolverEvidence],
  filesToRead: () => [INTERFACES_PATH, STATE_PATH, ...resolverFiles],
  filesIncluded: sourcedPaths,
  manages,
  plan,
};

function manages(facts: NetworkFacts): Claim {
  if (!hasProgram(facts) || !facts.files.has(INTERFACES_PATH)) return "no";
  const text = wholeText(sourceFiles(facts.files));
  const isOwn = (name: string) => isUp(name, facts) || logicalNames(text, name).length > 0;
  return facts.vifs.some(({ name }) => isOwn(name)) ? "yes" : "could";
}

/** Whether ifup has begun to bring it up, and ifdown not to take it down: both write so before they act. */
function isUp(name: string, { files }: NetworkFacts): boolean {
  return (files.get(STATE_PATH) ?? "").split("\n").includes(`${name}=${name}`);
}

/** Busybox has an ifup of its own, which knows less of the format. */
function hasProgram({ evidence }: NetworkFacts): boolean {
  return programs.some((path) => evidence.has(path) && !evidence.get(path)?.link?.endsWith("busybox"));
}

function plan(wanted: WantedNetwork, facts: NetworkFacts): readonly Step[] {
  const sources = sourceFiles(facts.files);
  const stanzas = new Map(wanted.interfaces.map((each) => [each.name, renderStanzas(each)]));
  const text = wholeText(sources);
  // What is right in the files need not be up: a reset that was killed may have taken it down.
  const isSo = (each: WantedInterface) =>
    meaningOf(text, each.name) === meaningOf(stanzas.get(each.name) ?? "", each.name) &&
    isUp(each.name, facts) &&
    isSoInKernel(each, facts);
  const names = wanted.interfaces.filter((each) => !isSo(each)).map(({ name }) => name);
  return [
    // By the old file and before it changes: ifdown takes back what it finds there.
    ...names.flatMap((name) => logicalNames(text, name).toReversed().map(takeDown)),
    ...sources.flatMap((source) => rewrite(source, { stanzas, facts })),
    ...names.map(flush),
    ...names.map(bringUp),
    ...(facts.evidence.has(RESOLVER_HOOK_PATH) ? [] : planResolver(wanted, facts)),
  ];
}

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

function takeDown(name: string): RunStep {
  return {
    step: "run",
    argv: ["ifdown", "--force", name],
    undo: ["ifup", name],
    timeoutMs: INTERFACE_TIMEOUT_MS,
    failure: `Error stopping network: ${name}`,
  };
}

/**
 * Addresses that ifupdown did not set would make it fail. Taking this back is what clears away a
 * half-done ifup, before the old file returns.
 */
function flush(name: string): RunStep {
  return {
    step: "run",
    argv: ["ip", "address", "flush", "dev", name],
    undo: ["ifdown", "--force", name],
    timeoutMs: INTERFACE_TIMEOUT_MS,
    failure: `Error flushing network: ${name}`,
  };
}

function bringUp(name: string): RunStep {
  return {
    step: "run",
    argv: ["ifup", name],
    timeoutMs: INTERFACE_TIMEOUT_MS,
    failure: `Error starting network: ${name}`,
  };
}
