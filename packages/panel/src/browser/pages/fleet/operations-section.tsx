import { useComputed } from "@preact/signals";
import { Fold } from "../../components/fold.tsx";
import { Section } from "../../components/section.tsx";
import { describeHours, fillHours, type Fleet, type FleetHour } from "../../model/fleet.ts";
import { usePanel } from "../../state/panel.ts";
import { HoursChart } from "./hours-chart.tsx";

const HOUR_MS = 3_600_000;

/** What was asked of guests, hour by hour. */
export function OperationsSection({ fleet: { operations } }: { readonly fleet: Fleet }) {
  const { now } = usePanel();
  // Drawn anew when an hour begins, not with every second.
  const hour = useComputed(() => Math.floor(now.value.getTime() / HOUR_MS));
  const hours = fillHours(operations.by_hour, {
    count: operations.window_hours,
    now: new Date(hour.value * HOUR_MS),
  });
  return (
    <Section title="Requests to guests by hour">
      <p>{describeHours(hours)}</p>
      {hours.some(({ done, failed }) => done + failed > 0) && (
        <>
          <HoursChart hours={hours} />
          <Fold summary="The same as a table">{() => <HoursTable hours={hours} />}</Fold>
        </>
      )}
    </Section>
  );
}

function HoursTable({ hours }: { readonly hours: readonly FleetHour[] }) {
  const counted = hours.filter(({ done, failed }) => done + failed > 0);
  return (
    <table class="plain-table">
      <caption class="visually-hidden">Requests to guests by hour, without hours that had none</caption>
      <thead>
        <tr>
          <th scope="col">Hour</th>
          <th scope="col">Done</th>
          <th scope="col">Failed</th>
        </tr>
      </thead>
      <tbody>
        {counted.map(({ at, done, failed }) => (
          <tr key={at}>
            <th scope="row">{new Date(at).toLocaleString([], { dateStyle: "short", timeStyle: "short" })}</th>
            <td>{done}</td>
            <td>{failed}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
