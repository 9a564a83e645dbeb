import type { ServerRow } from "../../src/browser/model/server.ts";

/** A server that runs, with what a test is about. */
export function sampleRow(own: Partial<ServerRow> = {}): ServerRow {
  const { id = "server-1" } = own;
  return {
    id,
    name: id,
    status: "ACTIVE",
    vm_state: "active",
    task_state: null,
    progress: 100,
    project_id: "project-1",
    created_at: "2026-11-20T10:00:00.000Z",
    updated_at: "2026-11-20T10:01:00.000Z",
    key_name: null,
    image: { id: "image-1", name: "Debian 13" },
    flavor: null,
    addresses: ["203.0.113.10"],
    agent: { health: "healthy", version: "3.0.0", last_seen_at: null, reason: "" },
    operation: null,
    fault: null,
    ...own,
  };
}
