import { PAYLOAD_MAX_BYTES } from "../../limits.ts";
import { encodeTexts } from "../../wire/replies.ts";
import { parseDecimal } from "../../wire/strings.ts";
import { isQuotaName, QUOTA_NAMES } from "../domain/quotas.ts";
import type { Answer, Core } from "./core.ts";

/** One control command: `run` gets the parameters and answers with text. */
interface ControlCommand {
  readonly name: string;
  readonly usage: string;
  readonly run: (core: Core, parameters: readonly string[]) => string | undefined;
}

const commands: readonly ControlCommand[] = [
  { name: "check", usage: "", run: check },
  { name: "help", usage: "", run: help },
  { name: "memreport", usage: "", run: memreport },
  { name: "print", usage: "<domid>", run: print },
  { name: "quota", usage: "[<domid>|set <quota> <value>]", run: quota },
];

/** Answers CONTROL; EINVAL for an unknown command or parameters it does not take. */
export function control(core: Core, [name, ...parameters]: readonly string[]): Answer {
  const command = commands.find((candidate) => candidate.name === name);
  const text = command?.run(core, parameters);
  if (text === undefined) return "EINVAL";
  return text.length >= PAYLOAD_MAX_BYTES ? "E2BIG" : encodeTexts([text]);
}

/** Whether the tree's counts of what guests own agree with the domains' own. */
function check(core: Core, parameters: readonly string[]): string | undefined {
  if (parameters.length > 0) return undefined;
  const owned = core.domains.all().reduce((sum, domain) => sum + domain.ownedNodes, 0);
  const { guestNodes } = core.tree.root;
  return owned === guestNodes ? "OK" : `Guests own ${guestNodes} nodes, but ${owned} are counted`;
}

function help(): string {
  return commands.map(({ name, usage }) => `${name} ${usage}`.trimEnd()).join("\n");
}

function memreport(core: Core, parameters: readonly string[]): string | undefined {
  if (parameters.length > 0) return undefined;
  const domains = core.domains.all();
  const sum = (count: (domain: (typeof domains)[number]) => number): number =>
    domains.reduce((total, domain) => total + count(domain), 0);
  return [
    `connections ${sum((domain) => domain.connections.size)}`,
    `watches ${sum((domain) => domain.openWatches)}`,
    `transactions ${sum((domain) => domain.openTransactions)}`,
    `nodes of guests ${core.tree.root.guestNodes}`,
  ].join("\n");
}

/** What is known of one domain. */
function print(core: Core, parameters: readonly string[]): string | undefined {
  const domid = parseDecimal(parameters[0] ?? "", 0xffff);
  if (domid === undefined || parameters.length !== 1 || !core.domains.exists(domid)) return undefined;
  const domain = core.domains.get(domid);
  return [
    `introduced ${domain.isIntroduced ? "yes" : "no"}`,
    `target ${domain.target?.domid ?? "none"}`,
    `connections ${domain.connections.size}`,
    `nodes ${domain.ownedNodes}`,
    `watches ${domain.openWatches}`,
    `transactions ${domain.openTransactions}`,
  ].join("\n");
}

function quota(core: Core, parameters: readonly string[]): string | undefined {
  const [first, name = "", valueText = ""] = parameters;
  if (first === "set" && parameters.length === 3) {
    const value = parseDecimal(valueText, 0x7fffffff);
    if (value === undefined || !isQuotaName(name)) return undefined;
    core.domains.setLimit(name, value);
    return "OK";
  }
  if (first === undefined)
    return QUOTA_NAMES.map((each) => `${each} ${core.domains.quotas[each]}`).join("\n");
  const domid = parseDecimal(first, 0xffff);
  if (domid === undefined || parameters.length > 1 || !core.domains.exists(domid)) return undefined;
  const domain = core.domains.get(domid);
  return QUOTA_NAMES.map((each) => `${each} ${core.domains.limit(domain, each)}`).join("\n");
}
