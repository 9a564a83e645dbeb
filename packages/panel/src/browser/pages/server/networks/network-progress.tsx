import { CurrentStep } from "../../../components/current-step.tsx";
import { Steps } from "../../../components/steps.tsx";
import type { Activity } from "../../../model/activity.ts";
import { networkSteps } from "../../../model/network-steps.ts";
import { actionName } from "../../../model/words.ts";
import { usePanel } from "../../../state/panel.ts";

/** How far a change of the networks is, whoever has begun it. */
export function NetworkProgress({ change }: { readonly change: Activity }) {
  const { now } = usePanel();
  const title = actionName(change.action);
  const steps = networkSteps(change, now.value);
  return (
    <div class="under-way">
      <p>
        {title} goes on, begun by {change.user.name}.
      </p>
      <CurrentStep steps={steps} />
      <Steps
        label={`Steps of "${title}"`}
        steps={steps.map(({ words, ...step }) => ({ ...step, details: words }))}
      />
    </div>
  );
}
