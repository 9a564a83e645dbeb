import { useSignal } from "@preact/signals";
import { Ago } from "../../../components/ago.tsx";
import { Button } from "../../../components/button.tsx";
import { Elapsed } from "../../../components/elapsed.tsx";
import { Fold } from "../../../components/fold.tsx";
import { Loaded } from "../../../components/loading.tsx";
import { Section } from "../../../components/section.tsx";
import { OPERATIONS_READ, OPERATIONS_SHOWN } from "../../../limits.ts";
import type { Operation } from "../../../model/operation.ts";
import { operationName } from "../../../model/words.ts";
import type { Resource } from "../../../state/use-resource.ts";
import { OperationBadge, OperationView } from "../operation-view.tsx";

export interface RequestsSectionProps {
  readonly operations: Resource<readonly Operation[]>;
}

/** What the guest was asked, and what it answered, the newest first. */
export function RequestsSection({ operations: resource }: RequestsSectionProps) {
  const shownCount = useSignal(OPERATIONS_SHOWN);
  return (
    <Section title="Requests and replies">
      <Loaded what="requests" resource={resource}>
        {(operations) => (
          <>
            {operations.length === 0 && <p>The guest has not been asked anything yet.</p>}
            <ul class="items">
              {operations.slice(0, shownCount.value).map((operation) => (
                <li key={operation.id} class="entry">
                  <Fold summary={<Summary operation={operation} />}>
                    {() => <OperationView operation={operation} />}
                  </Fold>
                </li>
              ))}
            </ul>
            {operations.length > shownCount.value && (
              <div class="actions">
                <Button
                  onClick={() => {
                    shownCount.value = OPERATIONS_READ;
                  }}
                >
                  Show more
                </Button>
              </div>
            )}
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Summary({ operation }: { readonly operation: Operation }) {
  const { kind, created_at: createdAt, is_finished: isFinished, timeline } = operation;
  return (
    <span class="entry-head">
      <span class="entry-name">{operationName(kind)}</span>
      <OperationBadge operation={operation} />
      <span class="faint">
        <Ago at={createdAt} />
        {", "}
        <Elapsed from={createdAt} to={isFinished ? (timeline.at(-1)?.at ?? createdAt) : null} />
      </span>
    </span>
  );
}
