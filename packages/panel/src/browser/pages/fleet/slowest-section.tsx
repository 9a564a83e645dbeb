import { Ago } from "../../components/ago.tsx";
import { Badge } from "../../components/badge.tsx";
import { Link } from "../../components/link.tsx";
import { Section } from "../../components/section.tsx";
import type { Fleet, SlowOperation } from "../../model/fleet.ts";
import { formatDuration } from "../../model/time.ts";
import { operationName, operationState } from "../../model/words.ts";
import { WideTable } from "./wide-table.tsx";

/** What guests took the longest for. */
export function SlowestSection({ fleet: { operations } }: { readonly fleet: Fleet }) {
  const { slowest, window_hours: hours } = operations;
  return (
    <Section title="Slowest requests">
      {slowest.length === 0 ? (
        <p>No request has ended in the last {hours} hours.</p>
      ) : (
        <WideTable
          title={`Slowest requests, in the last ${hours} hours`}
          columns={["Request", "Server", "Took", "Result", "Begun"]}
        >
          {slowest.map((operation) => (
            <SlowRow key={operation.id} operation={operation} />
          ))}
        </WideTable>
      )}
    </Section>
  );
}

function SlowRow({ operation }: { readonly operation: SlowOperation }) {
  const {
    kind,
    server_id: id,
    server_name: name,
    duration_ms: durationMs,
    state,
    created_at: at,
  } = operation;
  return (
    <tr>
      <th scope="row">{operationName(kind)}</th>
      <td>
        {name === "" ? (
          <span class="faint">deleted since</span>
        ) : (
          <Link to={{ page: "server", id, tab: "agent" }}>{name}</Link>
        )}
      </td>
      <td>{formatDuration(durationMs)}</td>
      <td>
        <Badge {...operationState(state)} />
      </td>
      <td>
        <Ago at={at} />
      </td>
    </tr>
  );
}
