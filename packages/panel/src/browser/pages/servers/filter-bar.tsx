import { useComputed } from "@preact/signals";
import { SelectField, TextField } from "../../components/field.tsx";
import { type AgentHealth, agentHealths } from "../../model/server.ts";
import { countServers, healthOf, statusOf } from "../../model/words.ts";
import { usePanel } from "../../state/panel.ts";
import type { ServerView } from "../../state/server-view.ts";

const healths = agentHealths.map((health) => ({ value: health, text: healthOf(health).text }));

/** What of the servers is shown. */
export function FilterBar({ view }: { readonly view: ServerView }) {
  const { filter } = usePanel();
  // As one text, which changes seldom.
  const names = useComputed(() => {
    const used = view.ordered.value.map((row) => row.value.status);
    // What one looks for stays to be chosen when no server is like that any more.
    return [...new Set([...used, filter.status.value])].toSorted().join(" ");
  });
  const statuses = names.value
    .split(" ")
    .filter((status) => status !== "")
    .map((status) => ({ value: status, text: statusOf({ status, task_state: null }).text }));
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
        options={[{ value: "", text: "All" }, ...statuses]}
      />
      <SelectField
        label="Agent"
        value={filter.health.value}
        onChange={(value) => {
          filter.health.value = healthNamed(value);
        }}
        options={[{ value: "", text: "All" }, ...healths]}
      />
      <ShownCount view={view} />
    </search>
  );
}

function ShownCount({ view }: { readonly view: ServerView }) {
  const shown = view.shownIds.value.length;
  const all = view.ordered.value.length;
  return (
    <p class="count" role="status">
      {shown === all ? countServers(all) : `${shown} of ${countServers(all)}`}
    </p>
  );
}

function healthNamed(name: string): AgentHealth | "" {
  return agentHealths.find((health) => health === name) ?? "";
}
