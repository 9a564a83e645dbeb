import { useSignal } from "@preact/signals";
import { SelectField } from "../../../components/field.tsx";
import { Loaded } from "../../../components/loading.tsx";
import { Notice } from "../../../components/notice.tsx";
import { Section } from "../../../components/section.tsx";
import type { Activity } from "../../../model/activity.ts";
import {
  activityFilters,
  type ActivityFilter,
  filterName,
  filterNamed,
  matchesFilter,
} from "../../../model/activity-words.ts";
import { useActivity } from "../../../state/use-activity.ts";
import type { TabProps } from "../tab-props.ts";
import { ActivityEntry } from "./activity-entry.tsx";

/** The parameter of the address that leads to one of them; a request's id is no secret. */
const REQUEST = "request";

/** Everything that was done with the server: by whom, when, how it ended, and step by step. */
export function ActivityTab({ server }: TabProps) {
  const resource = useActivity(server.id);
  const filter = useSignal<ActivityFilter>("all");
  const wanted = new URLSearchParams(location.search).get(REQUEST) ?? undefined;
  return (
    <Section title="Activity">
      <Loaded what="activity" resource={resource}>
        {(all) => (
          <>
            <div class="short-field">
              <SelectField
                label="Show"
                value={filter.value}
                onChange={(value) => {
                  filter.value = filterNamed(value);
                }}
                options={activityFilters.map((value) => ({ value, text: filterName(value) }))}
              />
            </div>
            {wanted !== undefined && !all.some(({ request_id: id }) => id === wanted) && (
              <Notice tone="warn" title="What the link leads to is not kept any more">
                <p>Only the newest is kept in sight here: below is what there is.</p>
              </Notice>
            )}
            <Entries
              server={server}
              all={all}
              shown={all.filter((each) => matchesFilter(each, filter.value))}
              wanted={wanted}
            />
          </>
        )}
      </Loaded>
    </Section>
  );
}

interface EntriesProps extends TabProps {
  readonly all: readonly Activity[];
  readonly shown: readonly Activity[];
  readonly wanted: string | undefined;
}

function Entries({ server, all, shown, wanted }: EntriesProps) {
  if (shown.length === 0) {
    return (
      <p>{all.length === 0 ? "Nothing has been done with this server yet." : "There is none of these."}</p>
    );
  }
  return (
    <ul class="items">
      {shown.map((activity) => (
        <li key={activity.request_id} class="entry">
          <ActivityEntry
            activity={activity}
            isWanted={activity.request_id === wanted}
            link={linkTo(server.id, activity)}
          />
        </li>
      ))}
    </ul>
  );
}

/** The address that leads to it. */
function linkTo(serverId: string, { request_id: requestId }: Activity): string {
  const url = new URL(`/servers/${encodeURIComponent(serverId)}/activity`, location.href);
  url.searchParams.set(REQUEST, requestId);
  return url.href;
}
