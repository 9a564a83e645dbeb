import { Ago } from "../../components/ago.tsx";
import { Badge } from "../../components/badge.tsx";
import { Link } from "../../components/link.tsx";
import { Section } from "../../components/section.tsx";
import type { Fleet } from "../../model/fleet.ts";
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
          {slowest.map(({ id, kind, server_id, server_name, duration_ms, state, created_at }) => (
            <tr key={id}>
              <th scope="row">{operationName(kind)}</th>
              <td>
                <Link to={{ page: "server", id: server_id, tab: "agent" }}>{server_name ?? server_id}</Link>
              </td>
              <td>{formatDuration(duration_ms)}</td>
              <td>
                <Badge {...operationState(state)} />
              </td>
              <td>
                <Ago at={created_at} />
              </td>
            </tr>
          ))}
        </WideTable>
      )}
    </Section>
  );
}
