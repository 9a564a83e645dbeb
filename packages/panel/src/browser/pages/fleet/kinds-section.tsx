import { Badge } from "../../components/badge.tsx";
import { Section } from "../../components/section.tsx";
import { failureRate, type Fleet, type FleetKind, formatRate } from "../../model/fleet.ts";
import { formatDuration } from "../../model/time.ts";
import { operationName } from "../../model/words.ts";
import { WideTable } from "./wide-table.tsx";

/** From which share of failures on a kind stands out. */
const BAD_RATE = 0.1;

/** How often each kind of request fails, and how long it takes. */
export function KindsSection({ fleet: { operations } }: { readonly fleet: Fleet }) {
  return (
    <Section title="Requests to guests by kind">
      {operations.by_kind.length === 0 ? (
        <p>Nothing was asked of guests in the last {operations.window_hours} hours.</p>
      ) : (
        <WideTable
          title={`Requests to guests by kind, in the last ${operations.window_hours} hours`}
          columns={["Request", "Done", "Failed", "No answer", "Failure rate", "Half within", "95 % within"]}
        >
          {operations.by_kind.map((kind) => (
            <KindRow key={kind.kind} kind={kind} />
          ))}
        </WideTable>
      )}
    </Section>
  );
}

function KindRow({ kind }: { readonly kind: FleetKind }) {
  const rate = failureRate(kind);
  return (
    <tr>
      <th scope="row">{operationName(kind.kind)}</th>
      <td>{kind.done}</td>
      <td>{kind.failed}</td>
      <td>{kind.timed_out}</td>
      <td>
        {rate !== undefined && rate >= BAD_RATE ? (
          <Badge tone="bad" text={formatRate(rate)} />
        ) : (
          formatRate(rate)
        )}
      </td>
      <td>{kind.median_ms === null ? "–" : formatDuration(kind.median_ms)}</td>
      <td>{kind.p95_ms === null ? "–" : formatDuration(kind.p95_ms)}</td>
    </tr>
  );
}
