import type { Route } from "../route.ts";
import type { ComputeOptions } from "./compute-options.ts";
import { facilityRoutes } from "./inventory/facility-routes.ts";
import { flavorRoutes } from "./inventory/flavor-routes.ts";
import { keyPairRoutes } from "./inventory/key-pair-routes.ts";
import { actionRoutes } from "./servers/action-routes.ts";
import { changeRoutes } from "./servers/change-routes.ts";
import { createRoutes } from "./servers/create-routes.ts";
import { detailRoutes } from "./servers/detail-routes.ts";
import { eventRoutes } from "./servers/event-routes.ts";
import { interfaceRoutes } from "./servers/interface-routes.ts";
import { metadataRoutes } from "./servers/metadata-routes.ts";
import { serverRoutes } from "./servers/server-routes.ts";
import { virtualInterfaceRoutes } from "./servers/virtual-interface-routes.ts";

/** The routes of the Compute API below `/compute`, all but its versions. */
export function computeRoutes(options: ComputeOptions): readonly Route[] {
  return [
    ...serverRoutes(options),
    ...createRoutes(options),
    ...changeRoutes(options),
    ...actionRoutes(options),
    ...interfaceRoutes(options),
    ...virtualInterfaceRoutes(options),
    ...metadataRoutes(options),
    ...eventRoutes(options),
    ...detailRoutes(options),
    ...flavorRoutes(options),
    ...keyPairRoutes(options),
    ...facilityRoutes(options),
  ];
}
