import type { FindingSeverity } from "@nova-agent/host";
import { agent } from "./checks/agent.ts";
import { agentVersion } from "./checks/agent-version.ts";
import { domain } from "./checks/domain.ts";
import { image } from "./checks/image.ts";
import { lastOperation } from "./checks/last-operation.ts";
import { network } from "./checks/network.ts";
import { replies } from "./checks/replies.ts";
import { requests } from "./checks/requests.ts";
import { rescue } from "./checks/rescue.ts";
import { xeDaemon } from "./checks/xe-daemon.ts";
import type { Check, Finding, FindingFacts } from "./finding.ts";

/** Every check of the host side, in the order in which an engineer looks. A new one gets its row here. */
const checks: readonly Check[] = [
  domain,
  rescue,
  image,
  agent,
  requests,
  replies,
  network,
  xeDaemon,
  agentVersion,
  lastOperation,
];

const ranks: Readonly<Record<FindingSeverity, number>> = { problem: 0, warning: 1, skipped: 2, ok: 3 };

/** What all checks find. */
export function examine(facts: FindingFacts): readonly Finding[] {
  return checks.flatMap(({ name, look }) =>
    look(facts).map((found) => ({ where: "host", check: name, ...found }) as const),
  );
}

/** The worst first. */
export function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((left, right) => ranks[left.severity] - ranks[right.severity]);
}
