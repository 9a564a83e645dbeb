import { useEffect, useRef } from "preact/hooks";
import { Badge } from "../../../components/badge.tsx";
import { Copyable } from "../../../components/copy-button.tsx";
import { Elapsed } from "../../../components/elapsed.tsx";
import { Exactly } from "../../../components/exactly.tsx";
import { Fact, Facts } from "../../../components/facts.tsx";
import { Fold } from "../../../components/fold.tsx";
import { Steps } from "../../../components/steps.tsx";
import type { Activity } from "../../../model/activity.ts";
import { activityName, activityResult, eventSteps } from "../../../model/activity-words.ts";
import { operationName } from "../../../model/words.ts";
import { usePanel } from "../../../state/panel.ts";
import { OperationBadge, OperationView } from "../operation-view.tsx";

export interface ActivityEntryProps {
  readonly activity: Activity;
  /** Whether the address leads to it: then it is open, and in sight. */
  readonly isWanted: boolean;
  readonly link: string;
}

/** Something that was done, and when it is opened how. */
export function ActivityEntry({ activity, isWanted, link }: ActivityEntryProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isWanted) place.current?.scrollIntoView({ block: "center" });
  }, []);
  return (
    <div ref={place} class={isWanted ? "entry-wanted" : undefined}>
      <Fold summary={<Summary activity={activity} />} isOpenAtFirst={isWanted}>
        {() => <Details activity={activity} link={link} />}
      </Fold>
    </div>
  );
}

function Summary({ activity }: Pick<ActivityEntryProps, "activity">) {
  const { user, message, started_at: startedAt, finished_at: finishedAt } = activity;
  return (
    <span class="entry-head activity-head">
      <span class="entry-name">{activityName(activity)}</span>
      <span>
        <Badge {...activityResult(activity)} />
      </span>
      <span class="faint">by {user.name}</span>
      <span class="faint">
        <Exactly at={startedAt} />
      </span>
      <span class="faint">
        {finishedAt === null ? "for" : "took"} <Elapsed from={startedAt} to={finishedAt} />
      </span>
      {message !== "" && <span class="entry-message">{message}</span>}
    </span>
  );
}

function Details({ activity, link }: Omit<ActivityEntryProps, "isWanted">) {
  const { operations } = activity;
  return (
    <>
      <EventSteps activity={activity} />
      {operations.length > 0 && (
        <>
          <h3>What the guest was asked</h3>
          <ul class="items">
            {operations.map((operation) => (
              <li key={operation.id} class="entry">
                <Fold
                  summary={
                    <span class="entry-head">
                      <span class="entry-name">{operationName(operation.kind)}</span>
                      <OperationBadge operation={operation} />
                    </span>
                  }
                  isOpenAtFirst={operations.length === 1}
                >
                  {() => <OperationView operation={operation} />}
                </Fold>
              </li>
            ))}
          </ul>
        </>
      )}
      <Facts>
        <Fact name="Request">
          <code>{activity.request_id}</code>
        </Fact>
        <Fact name="Link to this">
          <Copyable text={link} what="link" />
        </Fact>
      </Facts>
    </>
  );
}

function EventSteps({ activity }: Pick<ActivityEntryProps, "activity">) {
  const { now } = usePanel();
  if (activity.events.length === 0) return null;
  const isRunning = activity.finished_at === null;
  // The clock draws it anew only while there is something to count.
  return (
    <Steps
      label={`Steps of: ${activityName(activity)}`}
      steps={eventSteps(activity, isRunning ? now.value : now.peek())}
    />
  );
}
