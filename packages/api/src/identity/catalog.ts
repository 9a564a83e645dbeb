import { createHash } from "node:crypto";

/** The one region. */
const region = "RegionOne";

/** Type, name and path of each service. Clients stop without `image`; networks by name need `network`. */
const services = [
  { type: "identity", name: "keystone", path: "/identity/v3" },
  { type: "compute", name: "nova", path: "/compute/v2.1" },
  { type: "image", name: "glance", path: "/image" },
  { type: "network", name: "neutron", path: "/network" },
  { type: "guest-operations", name: "operations", path: "/operations/v1" },
] as const;

/** Where each service is, below `origin` (keystone api-ref, "Get service catalog"). */
export function viewCatalog(origin: string): readonly object[] {
  return services.map(({ type, name, path }) => ({
    id: idOf(type),
    type,
    name,
    endpoints: ["public", "internal", "admin"].map((face) => ({
      id: idOf(`${type} ${face}`),
      interface: face,
      region,
      region_id: region,
      url: origin + path,
    })),
  }));
}

/** Always the same of the same text. */
function idOf(text: string): string {
  return createHash("sha256").update(`catalog ${text}`).digest("hex").slice(0, 32);
}
