import { encodeUtf8 } from "@nova-agent/xenstore";
import { INTERFACE_TIMEOUT_MS } from "../../network/limits.ts";
import { markPending, pendingPath } from "../../network/pending.ts";
import {
  hostNames,
  markHosts,
  readAssignments,
  setAssignment,
  unmarkHosts,
} from "../../network/shell-file.ts";
import type { WantedInterface, WantedNetwork } from "../../network/wanted-network.ts";
import type { RunStep, Step, WhenTakenBackStep } from "../../plan.ts";
import { type Claim, isSoInKernel, type NetworkBackend, type NetworkFacts } from "../backend.ts";
import { namesWholeGuest, nameservers } from "../resolv-conf.ts";
import { renderIfcfg, renderIfroute, renderIfsysctl } from "./render.ts";
import { withoutContradictions } from "./routes-file.ts";

const NAME = "wicked";
const programs = ["/usr/sbin/wicked", "/sbin/wicked"];

/** Which service of several has the network: a link to its unit. */
const SERVICE_LINK = "/etc/systemd/system/network.service";

const DIRECTORY = "/etc/sysconfig/network/";
const CONFIG_PATH = `${DIRECTORY}config`;
const ROUTES_PATH = `${DIRECTORY}routes`;
const DNS_VARIABLE = "NETCONFIG_DNS_STATIC_SERVERS";

/** SUSE's wicked (ifcfg(5), ifroute(5), ifsysctl(5), wicked(8)), with netconfig(8) for the name servers. */
export const wicked: NetworkBackend = {
  name: NAME,
  evidence: [...programs, SERVICE_LINK],
  filesToRead: (vifs) => [
    CONFIG_PATH,
    ROUTES_PATH,
    pendingPath(NAME),
    ...vifs.flatMap(({ name }) => ["ifcfg", "ifroute", "ifsysctl"].map((kind) => pathOf(kind, name))),
  ],
  manages,
  plan,
};

function manages({ evidence, files, vifs }: NetworkFacts): Claim {
  if (!programs.some((path) => evidence.has(path))) return "no";
  const service = evidence.get(SERVICE_LINK)?.link;
  if (service?.endsWith("/wicked.service")) return "yes";
  if (service !== undefined) return "no";
  return vifs.some(({ name }) => files.has(pathOf("ifcfg", name))) ? "yes" : "could";
}

function pathOf(kind: string, name: string): string {
  return `${DIRECTORY}${kind}-${name}`;
}

function plan(wanted: WantedNetwork, facts: NetworkFacts): readonly Step[] {
  if (wanted.interfaces.length === 0) return [];
  const isPending = facts.files.has(pendingPath(NAME));
  const links = wanted.interfaces.map((each) => planLink(each, { facts, isPending }));
  const old = facts.files.get(ROUTES_PATH) ?? "";
  const routes = withoutContradictions(old, wanted);
  const steps = [
    ...links.flatMap((link) => link.before),
    ...links.flatMap((link) => link.files),
    ...(routes === old ? [] : [write(ROUTES_PATH, routes)]),
    ...links.flatMap((link) => link.after),
    ...planNameservers(wanted, { facts, isPending }),
  ];
  return steps.length === 0 && !isPending ? [] : markPending(NAME, steps);
}

interface LinkPlan {
  readonly before: readonly Step[];
  readonly files: readonly Step[];
  readonly after: readonly Step[];
}

interface Situation {
  readonly facts: NetworkFacts;
  /** Whether an agent was killed before all its files were applied. */
  readonly isPending: boolean;
}

function planLink(wanted: WantedInterface, { facts, isPending }: Situation): LinkPlan {
  const { name } = wanted;
  const old = (kind: string) => facts.files.get(pathOf(kind, name)) ?? "";
  const text = renderIfcfg(wanted, old("ifcfg"));
  const files = [
    ...(text === old("ifcfg") ? [] : [write(pathOf("ifcfg", name), text)]),
    ...rewrite(pathOf("ifroute", name), { old: old("ifroute"), text: renderIfroute(wanted) }),
    ...rewrite(pathOf("ifsysctl", name), {
      old: old("ifsysctl"),
      text: renderIfsysctl(wanted, old("ifsysctl")),
    }),
  ];
  if (files.length > 0) {
    const argv = ["wicked", "ifreload", name] as const;
    return {
      before: [whenTakenBack(argv)],
      files,
      after: [program(argv, `Error starting network: ${name}`)],
    };
  }
  // ifreload does nothing where the files are as they were (wicked(8)).
  const restart = [
    {
      ...program(["wicked", "ifdown", name], `Error stopping network: ${name}`),
      undo: ["wicked", "ifup", name],
    },
    program(["wicked", "ifup", name], `Error starting network: ${name}`),
  ] as const;
  return { before: [], files, after: isSoInKernel(wanted, facts) && !isPending ? [] : restart };
}

function rewrite(path: string, { old, text }: { readonly old: string; readonly text: string }): Step[] {
  if (old === text) return [];
  return text === "" ? [{ step: "removeFile", path, backup: true }] : [write(path, text)];
}

/** The name servers of all interfaces: netconfig keeps one list. None, and the user's stay. */
function planNameservers(wanted: WantedNetwork, { facts, isPending }: Situation): Step[] {
  const value = nameservers(wanted).join(" ");
  const old = facts.files.get(CONFIG_PATH) ?? "";
  const isSo = (readAssignments(old).get(DNS_VARIABLE)?.join(" ") ?? "") === value;
  const isTakenBack = value === "" && hostNames(old).has(DNS_VARIABLE) && namesWholeGuest(wanted, facts);
  if ((value === "" && !isTakenBack) || (isSo && !isPending)) return [];
  const text = setAssignment(old, DNS_VARIABLE, `"${value}"`);
  const argv = ["netconfig", "update", "-f"] as const;
  return [
    whenTakenBack(argv),
    write(CONFIG_PATH, isTakenBack ? unmarkHosts(text, DNS_VARIABLE) : markHosts(text, DNS_VARIABLE)),
    program(argv, "Error setting the name servers"),
  ];
}

function write(path: string, text: string): Step {
  return { step: "writeFile", path, content: encodeUtf8(text), mode: 0o644, backup: true };
}

function whenTakenBack(argv: readonly [string, ...string[]]): WhenTakenBackStep {
  return { step: "whenTakenBack", argv, timeoutMs: INTERFACE_TIMEOUT_MS };
}

function program(argv: readonly [string, ...string[]], failure: string): RunStep {
  return { step: "run", argv, timeoutMs: INTERFACE_TIMEOUT_MS, failure };
}
