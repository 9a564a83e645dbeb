import {
  type GuestFinding,
  HostError,
  type HostErrorCode,
  type Instance,
  mayHaveAgent,
  type Requester,
} from "@nova-agent/host";
import { findServer } from "../../compute/servers/load-servers.ts";
import { recordChange } from "../../record-change.ts";
import { route, type Route } from "../../route.ts";
import type { GuestsOptions } from "../guests-options.ts";
import { ACTIVITY_OPERATIONS_MAX } from "../limits.ts";
import { compareNetwork } from "../network/compare-network.ts";
import { loadRows } from "../servers/load-rows.ts";
import { findNetworks } from "../servers/server-routes.ts";
import { examine, worstFirst } from "./checks.ts";
import type { Finding } from "./finding.ts";

/** How the guest's own doctor was asked. */
type GuestAnswer = "answered" | "silent" | "none" | "unsupported" | "refused";

interface Examination {
  readonly guest: GuestAnswer;
  readonly words: string;
  readonly findings: readonly GuestFinding[];
}

/** What is wrong with servers: as far as the host sees it, and with what the guest's own doctor finds. */
export function findingRoutes(options: GuestsOptions): readonly Route[] {
  return [listFindings(options), examineServer(options)];
}

function listFindings(options: GuestsOptions): Route {
  return route({
    name: "listFindings",
    method: "GET",
    path: "/servers/:id/findings",
    summary: "List what is wrong with a server as far as its host sees it, the worst first, with what to do",
    role: "reader",
    handle: async ({ requester, params }) => {
      const instance = await findServer(options, requester, params.id);
      return { body: { findings: worstFirst(await lookFromHost(options, instance)) } };
    },
  });
}

function examineServer(options: GuestsOptions): Route {
  return route({
    name: "examineServer",
    method: "POST",
    path: "/servers/:id/examination",
    summary: "Have a server's guest examine itself, and list that with what its host sees",
    role: "member",
    handle: async ({ requester, params }) => {
      const { id } = await findServer(options, requester, params.id);
      const { guest, words, findings } = await askDoctor(options, requester, id);
      await recordChange(options, requester, { what: "examineServer", target: id });
      const ofGuest = findings.map((finding) => ({ where: "guest", ...finding }) as const);
      // Behind the guest's answer, which is not to be taken for one that nobody reads.
      const ofHost = await lookFromHost(options, await findServer(options, requester, id));
      const seen = guest === "answered" ? ofHost.filter(isNotSilence) : ofHost;
      return { body: { findings: worstFirst([...seen, ...ofGuest]), guest, words } };
    },
  });
}

/** What was noted of the agent before it answered. */
function isNotSilence({ check, severity }: Finding): boolean {
  return check !== "agent" || severity === "ok";
}

async function lookFromHost(options: GuestsOptions, instance: Instance): Promise<readonly Finding[]> {
  const { database, observation } = options;
  const [[parts], sight, operations] = await Promise.all([
    loadRows(options, [instance]),
    observation.look(instance.id),
    database.operations.list({ instanceId: instance.id, limit: ACTIVITY_OPERATIONS_MAX }),
  ]);
  const ports = parts?.ports ?? [];
  const networks = await findNetworks(options, ports);
  const cards = compareNetwork({ ports, networks, sight });
  return examine({ instance, image: parts?.running, sight, cards, operations, now: options.now() });
}

/** What the failure of asking means; others are faults of the host. */
const answerOf: Readonly<Partial<Record<HostErrorCode, GuestAnswer>>> = {
  GUEST_TIMEOUT: "silent",
  GUEST_GONE: "silent",
  GUEST_NO_DATA: "silent",
  NO_SUCH_DOMAIN: "silent",
  OUTCOME_UNKNOWN: "silent",
  GUEST_UNSUPPORTED: "unsupported",
  GUEST_REFUSED: "refused",
  GUEST_BAD_REPLY: "refused",
  GUEST_BUSY: "refused",
};

async function askDoctor(options: GuestsOptions, requester: Requester, id: string): Promise<Examination> {
  const [parts] = await loadRows(options, [await findServer(options, requester, id)]);
  const unasked = parts && whyNotAsked(parts.instance, parts.running);
  if (unasked !== undefined) return { ...unasked, findings: [] };
  try {
    const findings = await options.operations.doctor({ instanceId: id, requester });
    return { guest: "answered", words: "", findings };
  } catch (error) {
    const guest = error instanceof HostError ? answerOf[error.code] : undefined;
    if (guest === undefined || !(error instanceof HostError)) throw error;
    return { guest, words: error.message, findings: [] };
  }
}

function whyNotAsked(
  instance: Instance,
  image: { readonly name: string; readonly hasAgent: boolean } | undefined,
): Pick<Examination, "guest" | "words"> | undefined {
  const { vmState, taskState } = instance;
  if (vmState !== "active" && vmState !== "rescued") {
    return { guest: "silent", words: "The server does not run, so that its guest was not asked" };
  }
  if (image !== undefined && !mayHaveAgent(instance, image.hasAgent)) {
    return { guest: "none", words: `The image ${image.name} has no agent, so that none was asked` };
  }
  if (taskState === null) return undefined;
  return { guest: "refused", words: "Something is being done with the server: examine it when that is done" };
}
