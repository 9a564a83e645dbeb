import { encodeTexts, OK_PAYLOAD } from "../../wire/replies.ts";
import type { DomainRequest, IntroduceRequest, SetTargetRequest } from "../../wire/requests.ts";
import { DOMID_SELF, type Domain } from "../domain/domain.ts";
import { LiveView } from "../transaction/live-view.ts";
import { forEachOwned } from "../tree/ownership.ts";
import { domainPath } from "../tree/path.ts";
import type { Answer, Core } from "./core.ts";

/** Answers a request that names one domain and nothing else. */
export function answerDomainRequest(core: Core, request: DomainRequest): Answer {
  const { domid } = request;
  switch (request.type) {
    case "getDomainPath":
      return encodeTexts([domainPath(domid)]);
    case "isDomainIntroduced":
      return encodeTexts([domid === DOMID_SELF || core.domains.introduced(domid) ? "T" : "F"]);
    case "release":
      return release(core, domid);
    default:
      return resume(core, domid);
  }
}

/**
 * Makes a domain known (xenstore.txt, "INTRODUCE"). Again for a known one it drops the domain's watches
 * and transactions, as a guest that starts anew expects, and tells nobody.
 */
export function introduce(core: Core, { domid }: Pick<IntroduceRequest, "domid">): Answer {
  if (!core.domains.exists(domid)) return "ENOENT";
  const domain = core.domains.get(domid);
  if (domain.isPrivileged) return OK_PAYLOAD;
  if (domain.isIntroduced) {
    for (const connection of domain.connections) connection.reset();
    return OK_PAYLOAD;
  }
  domain.isIntroduced = true;
  for (const observer of core.observers) observer.introduced(domid);
  core.notifier.special("@introduceDomain", domid);
  return OK_PAYLOAD;
}

/**
 * Forgets a domain (xenstore.txt, "RELEASE"): ends its connections, removes the nodes it owns with all
 * below them, and voids its entries in the permissions of others.
 */
export function release(core: Core, domid: number): Answer {
  if (domid === 0) return "EINVAL";
  const domain = core.domains.introduced(domid);
  if (domain === undefined) return "ENOENT";
  for (const connection of domain.connections) connection.end();
  removeOwned(core, domain);
  core.domains.retire(domain);
  for (const observer of core.observers) observer.released(domid);
  core.notifier.special("@releaseDomain", domid);
  return OK_PAYLOAD;
}

function removeOwned(core: Core, domain: Domain): void {
  const view = new LiveView({ ...core, domain: core.domains.get(0) });
  forEachOwned(core.tree.root, domain.domid, (names, before) => {
    view.change({ names, depth: names.length }, { before, after: undefined });
    view.notify({ text: `/${names.join("/")}`, names }, { before, after: undefined });
  });
}

/** The domain runs again: its next end will be told (xenstore.txt, "RESUME"). */
function resume(core: Core, domid: number): Answer {
  if (domid === 0) return "EINVAL";
  const domain = core.domains.introduced(domid);
  if (domain === undefined) return "ENOENT";
  domain.hasShutDown = false;
  return OK_PAYLOAD;
}

/** Tells once, until RESUME, that a domain shut down or crashed. */
export function shutDown(core: Core, domid: number): void {
  const domain = core.domains.introduced(domid);
  if (domain === undefined || domain.isPrivileged || domain.hasShutDown) return;
  domain.hasShutDown = true;
  core.notifier.special("@releaseDomain", domid);
}

/** Gives a domain the rights of another one besides its own (xenstore.txt, "SET_TARGET"). */
export function setTarget(core: Core, request: SetTargetRequest): Answer {
  const domain = core.domains.introduced(request.domid);
  const target = core.domains.introduced(request.target);
  if (domain === undefined || target === undefined) return "ENOENT";
  domain.target = target;
  return OK_PAYLOAD;
}
