import { type ReadonlySignal, useComputed } from "@preact/signals";
import { Ago } from "../../components/ago.tsx";
import { Badge } from "../../components/badge.tsx";
import { Link } from "../../components/link.tsx";
import type { ServerRow } from "../../model/server.ts";
import { healthOf, operationName, statusOf } from "../../model/words.ts";
import { usePanel, useSession } from "../../state/panel.ts";
import { type Selecting, SelectOne } from "./selecting.tsx";

export interface ServerTableRowProps {
  readonly row: ReadonlySignal<ServerRow>;
  /** The ids of the rows in sight. */
  readonly shown: ReadonlySignal<ReadonlySet<string>>;
  readonly selecting: Selecting | undefined;
}

/** One server; drawn anew when it changes, and not when others do. */
export function ServerTableRow({ row, shown, selecting }: ServerTableRowProps) {
  const server = row.value;
  // Signals go to the element itself: neither a letter typed nor a selection draws the row anew.
  const isHidden = useComputed(() => !shown.value.has(row.value.id));
  const isSelected = useComputed(() => selecting?.selected.value.has(row.value.id) ?? false);
  const className = useComputed(() => (isSelected.value ? "row row-selected" : "row"));
  return (
    <div class={className} role="row" hidden={isHidden}>
      {selecting !== undefined && (
        <span role="cell" class="cell-select">
          <SelectOne server={server} selecting={selecting} isSelected={isSelected} />
        </span>
      )}
      <span role="cell" class="cell-name">
        <Link to={{ page: "server", id: server.id, tab: "overview" }}>{server.name}</Link>
        <ProjectName id={server.project_id} />
      </span>
      <span role="cell">
        <Badge {...statusOf(server)} />
      </span>
      <span role="cell" class="cell-addresses">
        <Addresses all={server.addresses} />
      </span>
      <span role="cell" class="cell-agent" title={server.agent.reason}>
        <AgentCell server={server} />
      </span>
      <span role="cell" class="cell-now">
        {server.operation !== null && `${operationName(server.operation.kind)} …`}
      </span>
    </div>
  );
}

/** Whose it is, where servers of all projects are listed. */
function ProjectName({ id }: { readonly id: string }) {
  const { isOfAllProjects } = usePanel();
  const { projects } = useSession();
  if (!isOfAllProjects.value) return null;
  const name = projects.find((project) => project.id === id)?.name ?? id;
  return <span class="faint cell-project"> in project {name}</span>;
}

function Addresses({ all }: { readonly all: readonly string[] }) {
  const [first, second, ...more] = all;
  if (first === undefined) return <span class="faint">none</span>;
  return (
    <>
      {first}
      {second !== undefined && `, ${second}`}
      {more.length > 0 && <span class="faint"> and {more.length} more</span>}
    </>
  );
}

function AgentCell({ server: { agent } }: { readonly server: ServerRow }) {
  return (
    <>
      <Badge {...healthOf(agent.health)} />
      {agent.version !== null && <span class="faint"> {agent.version}</span>}
      {agent.last_seen_at !== null && (
        <span class="faint">
          {", heard "}
          <Ago at={agent.last_seen_at} />
        </span>
      )}
    </>
  );
}
