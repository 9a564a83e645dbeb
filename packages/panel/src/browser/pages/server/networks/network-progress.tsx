import { Steps } from "../../../components/steps.tsx";
import type { Activity } from "../../../model/activity.ts";
import { networkSteps } from "../../../model/network-steps.ts";
import { actionName } from "../../../model/words.ts";
import { usePanel } from "../../../state/panel.ts";

/** How far a change of the networks is, whoever has begun it. */
export function NetworkProgress({ change }: { readonly change: Activity }) {
  const { now } = usePanel();
  const title = actionName(change.action);
  return (
    <div class="under-way">
      <p role="status">
        {title} goes on, begun by {change.user.name}.
      </p>
      <Steps
        label={`Steps of "${title}"`}
        steps={networkSteps(change, now.value).map(({ words, ...step }) => ({ ...step, details: words }))}
      />
    </div>
  );
}
