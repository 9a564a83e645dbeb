import { ApiError } from "./errors.ts";

/** The minor of a version `2.<minor>` of the Compute API. */
export type Microversion = number;

export const MICROVERSION_MIN: Microversion = 1;

/** The highest that the clients of Debian 12 ask for (python3-novaclient 18.1.0 takes what both know). */
export const MICROVERSION_MAX: Microversion = 90;

/** A range of microversions; both ends belong to it. */
export interface MicroversionRange {
  readonly from?: Microversion;
  readonly to?: Microversion;
}

export function isWithin(version: Microversion, { from, to }: MicroversionRange): boolean {
  return version >= (from ?? MICROVERSION_MIN) && version <= (to ?? MICROVERSION_MAX);
}

/**
 * The version that a request asks for: `OpenStack-API-Version: compute 2.N` goes before
 * `X-OpenStack-Nova-API-Version: 2.N`; without either it is 2.1 (nova api-guide, microversions).
 */
export function parseMicroversion(headers: Headers): Microversion {
  const text = ofCompute(headers.get("openstack-api-version")) ?? headers.get("x-openstack-nova-api-version");
  if (text === null) return MICROVERSION_MIN;
  if (text.trim() === "latest") return MICROVERSION_MAX;
  const found = /^([1-9]\d{0,4})\.(0|[1-9]\d{0,4})$/u.exec(text.trim());
  if (found === null) {
    throw new ApiError(
      "BAD_REQUEST",
      "The API version is of an invalid format; it must be MajorNum.MinorNum, such as 2.1",
    );
  }
  const minor = Number(found[2]);
  if (found[1] !== "2" || minor < MICROVERSION_MIN || minor > MICROVERSION_MAX) {
    throw new ApiError(
      "VERSION_UNSUPPORTED",
      `Version ${found[0]} is not supported by the API. Minimum is 2.${MICROVERSION_MIN} and maximum is 2.${MICROVERSION_MAX}.`,
    );
  }
  return minor;
}

/** What every answer says about the version that it is of. */
export function microversionHeaders(version: Microversion): Readonly<Record<string, string>> {
  return {
    "OpenStack-API-Version": `compute 2.${version}`,
    "X-OpenStack-Nova-API-Version": `2.${version}`,
    Vary: "OpenStack-API-Version, X-OpenStack-Nova-API-Version",
  };
}

/** The part of a header such as `compute 2.73, placement 1.10` that is meant for Compute. */
function ofCompute(header: string | null): string | null {
  for (const part of header?.split(",") ?? []) {
    const [service, version] = part.trim().split(/\s+/u);
    if (service?.toLowerCase() === "compute") return version ?? "";
  }
  return null;
}
