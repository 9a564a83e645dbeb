import type { Route } from "../route.ts";
import { activityRoutes } from "./activity/activity-routes.ts";
import { eventRoutes, type EventRoutesOptions } from "./events.ts";
import { fleetRoutes, type FleetRoutesOptions } from "./fleet/fleet-routes.ts";
import { findingRoutes } from "./findings/finding-routes.ts";
import { guestNetworkRoutes } from "./network/network-routes.ts";
import { reportRoutes } from "./report-routes.ts";
import { guestServerRoutes } from "./servers/server-routes.ts";

/** What the routes of the service `guests` stand on. */
export interface GuestRoutesOptions extends EventRoutesOptions, FleetRoutesOptions {}

/** Servers as the Cloud Control Panel shows them, with what is known of their guests: a service of ours. */
export function guestRoutes(options: GuestRoutesOptions): readonly Route[] {
  return [
    ...eventRoutes(options),
    ...guestServerRoutes(options),
    ...activityRoutes(options),
    ...reportRoutes(options),
    ...guestNetworkRoutes(options),
    ...findingRoutes(options),
    ...fleetRoutes(options),
  ];
}
