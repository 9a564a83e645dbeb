import type { Route } from "../route.ts";
import { eventRoutes, type EventRoutesOptions } from "./events.ts";

/** What the routes of the service `guests` stand on. */
export interface GuestRoutesOptions extends EventRoutesOptions {}

/** Servers as the Cloud Control Panel shows them, with what is known of their guests: a service of ours. */
export function guestRoutes(options: GuestRoutesOptions): readonly Route[] {
  return [...eventRoutes(options)];
}
