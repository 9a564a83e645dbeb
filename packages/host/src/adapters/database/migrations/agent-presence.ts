/** What was heard of an instance's agent, and when. */
export const agentPresence: readonly string[] = [
  "alter table instance add column agent_seen_at timestamptz",
  "alter table instance add column agent_silent_since timestamptz",
  "alter table instance add column agent_features jsonb",
  "create index operation_unfinished_index on operation (instance_id, created_at desc) where state in ('queued', 'sent', 'taken')",
];
