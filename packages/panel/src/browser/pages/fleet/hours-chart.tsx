import { useId } from "preact/hooks";
import { describeHours, type FleetHour } from "../../model/fleet.ts";

const COLUMN = 20;
const GAP = 4;
const HEIGHT = 100;

/** Columns of what was done, with what failed on top in stripes; its words are beside it. */
export function HoursChart({ hours }: { readonly hours: readonly FleetHour[] }) {
  const stripes = useId();
  const most = Math.max(1, ...hours.map(({ done, failed }) => done + failed));
  const width = hours.length * COLUMN;
  return (
    <figure class="chart">
      <svg
        role="img"
        aria-label={describeHours(hours)}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        preserveAspectRatio="none"
      >
        <defs>
          <pattern id={stripes} width="4" height="4" patternUnits="userSpaceOnUse">
            <rect class="chart-failed" width="4" height="4" />
            <path class="chart-stripe" d="M-1 1l2-2M0 4l4-4M3 5l2-2" />
          </pattern>
        </defs>
        {hours.map(({ at, done, failed }, index) => {
          const x = index * COLUMN + GAP / 2;
          const column = { x, width: COLUMN - GAP };
          const doneHeight = (HEIGHT * done) / most;
          const failedHeight = (HEIGHT * failed) / most;
          return (
            <g key={at}>
              <title>{`${hourOf(at)}: ${done} done, ${failed} failed`}</title>
              <rect class="chart-done" {...column} y={HEIGHT - doneHeight} height={doneHeight} />
              <rect
                fill={`url(#${stripes})`}
                {...column}
                y={HEIGHT - doneHeight - failedHeight}
                height={failedHeight}
              />
            </g>
          );
        })}
      </svg>
      <figcaption>
        <span>{hourOf(hours.at(0)?.at)}</span>
        <span class="chart-key">
          <span class="chart-sample chart-sample-done" aria-hidden="true" /> done
          <span class="chart-sample chart-sample-failed" aria-hidden="true" /> failed (striped)
        </span>
        <span>now</span>
      </figcaption>
    </figure>
  );
}

function hourOf(at: string | undefined): string {
  return at === undefined ? "" : new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}
