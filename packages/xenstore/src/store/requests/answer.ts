import type { Request } from "../../wire/requests.ts";
import { control } from "./control.ts";
import type { Answer, Caller, Core } from "./core.ts";
import { answerDomainRequest, introduce, setTarget } from "./domain-requests.ts";
import { answerPathRequest, directoryPart, setPermissions, write } from "./node-requests.ts";
import { getFeature, getQuota, setFeature, setQuota } from "./quota-requests.ts";

/** A request that concerns a connection's own watches and transactions. */
export type ConnectionRequest = Extract<
  Request,
  { type: "watch" | "unwatch" | "transactionEnd" | "transactionStart" | "resetWatches" }
>;

/** Answers every request that is not about the connection itself. Whether the caller may send it is known. */
export function answer(core: Core, caller: Caller, request: Exclude<Request, ConnectionRequest>): Answer {
  switch (request.type) {
    case "write":
      return write(core, caller, request);
    case "setPermissions":
      return setPermissions(core, caller, request);
    case "directoryPart":
      return directoryPart(core, caller, request);
    case "introduce":
      return introduce(core, request);
    case "setTarget":
      return setTarget(core, request);
    case "getFeature":
      return getFeature(core, caller, request);
    case "setFeature":
      return setFeature(core, request);
    case "getQuota":
      return getQuota(core, request);
    case "setQuota":
      return setQuota(core, request);
    case "control":
      return control(core, request.arguments);
    case "release":
    case "resume":
    case "getDomainPath":
    case "isDomainIntroduced":
      return answerDomainRequest(core, request);
    default:
      return answerPathRequest(core, caller, request);
  }
}
