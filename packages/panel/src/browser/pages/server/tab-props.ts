import type { Server } from "../../model/server.ts";

/** What every tab of a server gets. */
export interface TabProps {
  readonly server: Server;
}
