import type { Signal } from "@preact/signals";
import { SelectField, TextField } from "../../components/field.tsx";
import { type AgentHealth, agentHealths, type ServerRow } from "../../model/server.ts";
import { healthOf, statusOf } from "../../model/words.ts";
import { usePanel } from "../../state/panel.ts";

export interface FilterBarProps {
  readonly rows: readonly Signal<ServerRow>[];
  readonly shownCount: number;
}

/** What of the servers is shown. */
export function FilterBar({ rows, shownCount }: FilterBarProps) {
  const { filter } = usePanel();
  const statuses = [...new Set(rows.map((row) => row.value.status))].toSorted();
  return (
    <search class="filters">
      <TextField
        label="Search"
        type="search"
        placeholder="Name, address, image or id"
        value={filter.text.value}
        onInput={(value) => {
          filter.text.value = value;
        }}
      />
      <SelectField
        label="Status"
        value={filter.status.value}
        onChange={(value) => {
          filter.status.value = value;
        }}
        options={[
          { value: "", text: "All" },
          ...statuses.map((status) => ({ value: status, text: statusOf({ status, task_state: null }).text })),
        ]}
      />
      <SelectField
        label="Agent"
        value={filter.health.value}
        onChange={(value) => {
          filter.health.value = healthNamed(value);
        }}
        options={[
          { value: "", text: "All" },
          ...agentHealths.map((health) => ({ value: health, text: healthOf(health).text })),
        ]}
      />
      <p class="count" role="status">
        {shownCount === rows.length ? count(rows.length) : `${shownCount} of ${count(rows.length)}`}
      </p>
    </search>
  );
}

function count(servers: number): string {
  return servers === 1 ? "1 server" : `${servers} servers`;
}

function healthNamed(name: string): AgentHealth | "" {
  return agentHealths.find((health) => health === name) ?? "";
}
