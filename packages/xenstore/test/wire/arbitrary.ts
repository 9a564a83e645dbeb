import * as fc from "fast-check";
import type { Packet, Permission, Request } from "@nova-agent/xenstore";

/** Records as literals make them: assert's deepEqual minds prototypes. */
function record<Model>(model: { [Key in keyof Model]: fc.Arbitrary<Model[Key]> }): fc.Arbitrary<Model> {
  return fc.record<Model>(model, { noNullPrototype: true });
}

const uint32 = fc.integer({ min: 0, max: 0xffffffff });

/** Any packet, with a payload of up to 200 bytes. */
export const anyPacket: fc.Arbitrary<Packet> = record({
  type: uint32,
  requestId: uint32,
  transactionId: uint32,
  payload: fc.uint8Array({ maxLength: 200 }),
});

export const anyDomid = fc.integer({ min: 0, max: 65_535 });

export const anyPermission: fc.Arbitrary<Permission> = record({
  domid: anyDomid,
  read: fc.boolean(),
  write: fc.boolean(),
});

/** ASCII without nul: what paths and tokens are made of. */
export const anyText = fc
  .string({ unit: "binary-ascii", maxLength: 60 })
  .map((text) => text.replaceAll("\0", "_"));

const path = anyText;
const domid = anyDomid;
const number = fc.integer({ min: 1, max: 0x7fffffff });

/** Any request that has one way to be written. */
export const anyRequest: fc.Arbitrary<Request> = fc.oneof(
  record({
    type: fc.constantFrom("directory", "read", "getPermissions", "makeDirectory", "remove"),
    path,
  } as const),
  record({ type: fc.constant("write"), path, value: fc.uint8Array({ maxLength: 100 }) } as const),
  record({
    type: fc.constant("setPermissions"),
    path,
    permissions: fc.array(anyPermission, { minLength: 1, maxLength: 8 }),
  } as const),
  record({ type: fc.constant("directoryPart"), path, offset: number } as const),
  record({ type: fc.constant("watch"), path, token: anyText } as const),
  record({ type: fc.constant("watch"), path, token: anyText, depth: number } as const),
  record({ type: fc.constant("unwatch"), path, token: anyText } as const),
  record({ type: fc.constantFrom("transactionStart", "resetWatches") } as const),
  record({ type: fc.constant("transactionEnd"), commit: fc.boolean() } as const),
  record({ type: fc.constant("introduce"), domid, gfn: number, port: number } as const),
  record({
    type: fc.constantFrom("release", "getDomainPath", "isDomainIntroduced", "resume"),
    domid,
  } as const),
  record({ type: fc.constant("setTarget"), domid, target: domid } as const),
  record({ type: fc.constant("getFeature") } as const),
  record({ type: fc.constant("getFeature"), domid } as const),
  record({ type: fc.constant("setFeature"), domid, features: number } as const),
  record({ type: fc.constant("getQuota") } as const),
  record({ type: fc.constant("getQuota"), quota: anyText } as const),
  record({ type: fc.constant("getQuota"), domid, quota: anyText } as const),
  record({ type: fc.constant("setQuota"), quota: anyText, value: number } as const),
  record({ type: fc.constant("setQuota"), domid, quota: anyText, value: number } as const),
  record({
    type: fc.constant("control"),
    arguments: fc.array(anyText, { minLength: 1, maxLength: 5 }),
  } as const),
);
