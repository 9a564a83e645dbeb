import type { ApiClient } from "../../http/api-client.ts";
import {
  deleteServer,
  rebootServer,
  resetNetwork,
  startServer,
  stopServer,
} from "../../http/server-calls.ts";

/** Something that is done with several servers at once. */
export interface BulkAction {
  readonly name: string;
  /** What will happen to each. */
  readonly text: string;
  readonly isDangerous: boolean;
  readonly carryOut: (client: ApiClient, id: string) => Promise<void>;
}

/** All of them, in one table. */
export const bulkActions: readonly BulkAction[] = [
  {
    name: "Reboot",
    text: "Each guest is asked to reboot in good order.",
    isDangerous: false,
    carryOut: (client, id) => rebootServer(client, id, "SOFT"),
  },
  {
    name: "Start",
    text: "Those that are off are started.",
    isDangerous: false,
    carryOut: startServer,
  },
  {
    name: "Stop",
    text: "Each guest is asked to shut down. What it serves cannot be reached then.",
    isDangerous: true,
    carryOut: stopServer,
  },
  {
    name: "Apply network",
    text: "Each guest sets its host name and network up as it should be.",
    isDangerous: false,
    carryOut: resetNetwork,
  },
  {
    name: "Delete",
    text: "The servers and everything on their disks are gone for good.",
    isDangerous: true,
    carryOut: deleteServer,
  },
];
