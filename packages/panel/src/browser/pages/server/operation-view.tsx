import { Badge } from "../../components/badge.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { Fact, Facts } from "../../components/facts.tsx";
import { Fold } from "../../components/fold.tsx";
import { Steps } from "../../components/steps.tsx";
import { GUEST_TEXT_MAX_CHARACTERS } from "../../limits.ts";
import { operationSteps } from "../../model/activity-words.ts";
import type { Operation } from "../../model/operation.ts";
import { showable } from "../../model/printable.ts";
import { operationName, operationState } from "../../model/words.ts";
import { usePanel } from "../../state/panel.ts";

/** A request to a guest: its way, and what the guest answered. */
export function OperationView({ operation }: { readonly operation: Operation }) {
  const { now } = usePanel();
  const { kind, error, attempts, returncode, message } = operation;
  // The clock draws it anew only while there is something to count.
  const steps = operationSteps(operation, operation.is_finished ? now.peek() : now.value);
  return (
    <>
      <Steps label={`Steps of: ${operationName(kind)}`} steps={steps} />
      <Facts>
        <Fact name="Attempts">{attempts}</Fact>
        <Fact name="Code of the reply">{returncode === null ? "No reply" : <code>{returncode}</code>}</Fact>
        {error !== null && <Fact name="Why it failed">{error.message}</Fact>}
        <Fact name="Request">
          <code>{operation.id}</code>
        </Fact>
      </Facts>
      {message !== null && message !== "" && <RawReply message={message} />}
    </>
  );
}

/** In words, how far a request is. */
export function OperationBadge({ operation: { state } }: { readonly operation: Operation }) {
  return <Badge {...operationState(state)} />;
}

function RawReply({ message }: { readonly message: string }) {
  const text = showable(message, GUEST_TEXT_MAX_CHARACTERS);
  return (
    <Fold summary="What the guest replied, word for word">
      {() => (
        <>
          <pre class="raw" tabIndex={0} aria-label="Reply of the guest">
            {text}
          </pre>
          <CopyButton text={text} what="reply" />
        </>
      )}
    </Fold>
  );
}
