import { Ago } from "../../../components/ago.tsx";
import { CurrentStep } from "../../../components/current-step.tsx";
import { Link } from "../../../components/link.tsx";
import { Notice } from "../../../components/notice.tsx";
import { Steps } from "../../../components/steps.tsx";
import type { Activity } from "../../../model/activity.ts";
import { passwordSteps } from "../../../model/password-steps.ts";
import type { Server } from "../../../model/server.ts";
import { usePanel } from "../../../state/panel.ts";

export interface PasswordProgressProps {
  readonly server: Server;
  readonly reset: Activity | undefined;
}

/** How far the newest reset of the password is, whoever has begun it. */
export function PasswordProgress({ server, reset }: PasswordProgressProps) {
  const { now } = usePanel();
  if (reset === undefined) return null;
  const isRunning = reset.finished_at === null;
  const hasFailed = !isRunning && reset.result !== "Success";
  // The clock draws it anew only while there is something to count.
  const steps = passwordSteps(reset, isRunning ? now.value : now.peek());
  return (
    <div class="progress">
      <h3>{isRunning ? "The password is being set" : "Last reset"}</h3>
      <p class="faint">
        {hasFailed ? "Failed" : isRunning ? "Begun" : "Done"}: by {reset.user.name},{" "}
        <Ago at={reset.started_at} />
      </p>
      <CurrentStep steps={steps} />
      <Steps
        label="Way of the password"
        steps={steps.map(({ words, ...step }) => ({ ...step, details: words }))}
      />
      {hasFailed && <WaysOut server={server} />}
    </div>
  );
}

function WaysOut({ server: { id, agent } }: { readonly server: Server }) {
  return (
    <Notice tone="warn" title="What you can do">
      <p>
        {agent.health === "silent" || agent.health === "none"
          ? "The guest's agent does not answer: "
          : "Look how the guest's agent is, and try again: "}
        <Link to={{ page: "server", id, tab: "agent" }}>go to Agent</Link>.
      </p>
      <p>
        When nobody can log in any more, boot a rescue system and set the password on the server's disk:{" "}
        <Link to={{ page: "server", id, tab: "rescue" }}>go to Rescue</Link>.
      </p>
    </Notice>
  );
}
