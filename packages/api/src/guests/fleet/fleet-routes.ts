import type { ConnectorSight, GuestObservation, SeenDomain } from "@nova-agent/host";
import { route, type Route } from "../../route.ts";
import type { GuestsOptions } from "../guests-options.ts";
import { FLEET_WINDOW_HOURS, HOUR_MS } from "../limits.ts";
import { listInstances } from "../servers/load-rows.ts";
import { viewFleet } from "./view-fleet.ts";

export interface FleetRoutesOptions extends GuestsOptions {
  /** Of the machine that the service runs on. */
  readonly hostName: string;
}

/** All servers of the host at once, for whoever runs it. */
export function fleetRoutes(options: FleetRoutesOptions): readonly Route[] {
  return [
    route({
      name: "showFleet",
      method: "GET",
      path: "/fleet",
      summary: "Show the host, how all agents are, and how the operations of a day went",
      role: "admin",
      handle: async () => {
        const { database, observation, hostName } = options;
        const now = options.now();
        // From the beginning of an hour, so that all hours but the last are whole.
        const since = new Date((Math.floor(now.getTime() / HOUR_MS) - FLEET_WINDOW_HOURS + 1) * HOUR_MS);
        const [host, instances, images, unfinished, operations] = await Promise.all([
          lookAtHost(observation),
          listInstances(options, {}),
          database.inventory.images(),
          database.overview.unfinished(),
          database.overview.operationsSince(since),
        ]);
        const facts = { hostName, ...host, instances, images, unfinished, operations, since, now };
        return { body: { fleet: viewFleet(facts) } };
      },
    }),
  ];
}

/** Without XenStore no domain is seen. */
async function lookAtHost(
  observation: GuestObservation,
): Promise<{ readonly connector: ConnectorSight; readonly domains: readonly SeenDomain[] }> {
  const connector = await observation.connector();
  return { connector, domains: connector.state === "lost" ? [] : await observation.domains() };
}
