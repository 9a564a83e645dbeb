import { encodeTexts, OK_PAYLOAD } from "../../wire/replies.ts";
import type {
  GetFeatureRequest,
  GetQuotaRequest,
  SetFeatureRequest,
  SetQuotaRequest,
} from "../../wire/requests.ts";
import { SERVER_FEATURES } from "../domain/domain.ts";
import { isQuotaName, QUOTA_NAMES } from "../domain/quotas.ts";
import type { Answer, Caller, Core } from "./core.ts";

/** The caller's features, or for dom0 those of another domain (xenstore.txt, "GET_FEATURE"). */
export function getFeature(core: Core, caller: Caller, { domid }: GetFeatureRequest): Answer {
  if (domid === undefined) return encodeTexts([String(caller.domain.features)]);
  if (!caller.domain.isPrivileged) return "EACCES";
  if (!core.domains.exists(domid)) return "ENOENT";
  return encodeTexts([String(core.domains.get(domid).features)]);
}

/** Before its introduction a domain may be denied features (xenstore.txt, "SET_FEATURE"). */
export function setFeature(core: Core, { domid, features }: SetFeatureRequest): Answer {
  if (!core.domains.exists(domid)) return "ENOENT";
  if (core.domains.introduced(domid) !== undefined) return "EBUSY";
  if ((features & ~SERVER_FEATURES) !== 0) return "EINVAL";
  core.domains.get(domid).features = features;
  return OK_PAYLOAD;
}

/** All names with blanks between, or one value (xenstore.txt, "GET_QUOTA"). */
export function getQuota(core: Core, { domid, quota }: GetQuotaRequest): Answer {
  if (quota === undefined) return encodeTexts([QUOTA_NAMES.join(" ")]);
  if (!isQuotaName(quota)) return "EINVAL";
  if (domid === undefined) return encodeTexts([String(core.domains.quotas[quota])]);
  if (!core.domains.exists(domid)) return "ENOENT";
  const domain = core.domains.get(domid);
  return encodeTexts([String(domain.quotas[quota] ?? core.domains.quotas[quota])]);
}

/** Sets a limit for one domain or for all that have none of their own (xenstore.txt, "SET_QUOTA"). */
export function setQuota(core: Core, { domid, quota, value }: SetQuotaRequest): Answer {
  if (!isQuotaName(quota)) return "EINVAL";
  if (domid !== undefined && !core.domains.exists(domid)) return "ENOENT";
  core.domains.setLimit(quota, value, domid === undefined ? undefined : core.domains.get(domid));
  return OK_PAYLOAD;
}
