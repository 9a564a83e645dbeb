import * as z from "zod/mini";
import { guestText } from "./guest-text.ts";

const named = z.object({ id: z.string(), name: z.string() });

/** How the agent is: `off` where the server does not run, `none` where its image has none. */
export const agentHealths = ["healthy", "silent", "none", "unknown", "off"] as const;

const agent = z.object({
  health: z.enum(agentHealths),
  version: z.nullable(z.string()),
  last_seen_at: z.nullable(z.string()),
  reason: z.string(),
});

const operationHead = z.object({
  id: z.string(),
  kind: z.string(),
  state: z.string(),
  attempts: z.number(),
  created_at: z.string(),
  request_id: z.string(),
});

const row = z.object({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  vm_state: z.string(),
  task_state: z.nullable(z.string()),
  progress: z.number(),
  project_id: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  key_name: z.nullable(z.string()),
  image: z.nullable(named),
  flavor: z.nullable(
    z.object({
      id: z.string(),
      name: z.string(),
      vcpus: z.number(),
      ram_mib: z.number(),
      disk_gib: z.number(),
    }),
  ),
  addresses: z.array(z.string()),
  agent,
  operation: z.nullable(operationHead),
  fault: z.nullable(z.object({ message: guestText, at: z.string() })),
});

const port = z.object({
  id: z.string(),
  network: named,
  mac: z.string(),
  index: z.number(),
  addresses: z.array(z.string()),
  name: z.optional(z.nullable(z.string())),
});

const detail = z.extend(row, {
  hostname: z.string(),
  /** The commands that the agent has said it knows; null before it has. */
  agent_features: z.nullable(z.array(z.string())),
  metadata: z.record(z.string(), z.string()),
  ports: z.array(port),
  /** Null where it may be done now, else why not. */
  actions: z.record(z.string(), z.nullable(z.string())),
});

export const serversAnswer = z.object({ servers: z.array(row) });
export const serverAnswer = z.object({ server: detail });

export type AgentHealth = (typeof agentHealths)[number];
export type Agent = z.output<typeof agent>;
/** A server as the list shows it. */
export type ServerRow = z.output<typeof row>;
/** A server with all that its own page shows in every tab. */
export type Server = z.output<typeof detail>;
export type ServerPort = z.output<typeof port>;

/** What can be done with a server, as the service names it. */
export type ServerAction =
  | "changePassword"
  | "reboot"
  | "hardReboot"
  | "start"
  | "stop"
  | "rescue"
  | "unrescue"
  | "attachInterface"
  | "detachInterface"
  | "resetNetwork"
  | "registerRedHat"
  | "activateWindows"
  | "delete"
  | "rename"
  | "metadata";

/** Why something cannot be done now; null when it can. */
export function whyNot({ actions }: Pick<Server, "actions">, action: ServerAction): string | null {
  const reason = actions[action];
  return reason === undefined ? "This service does not offer it" : reason;
}
