import { CurrentStep } from "../../components/current-step.tsx";
import { Loaded } from "../../components/loading.tsx";
import { Section } from "../../components/section.tsx";
import { Steps } from "../../components/steps.tsx";
import type { Activity } from "../../model/activity.ts";
import { explainBuild } from "../../model/build-failure.ts";
import { buildSteps, findBuild } from "../../model/build-steps.ts";
import { hasAgent } from "../../model/inventory.ts";
import type { Server } from "../../model/server.ts";
import { usePanel } from "../../state/panel.ts";
import { useActivity } from "../../state/use-activity.ts";
import { useImage } from "../../state/use-image.ts";
import { valueOf } from "../../state/use-resource.ts";
import { FailedBuild } from "./failed-build.tsx";

export interface BuildProgressProps {
  readonly server: Server;
  /** What to do once a failed build has been deleted; the form with what is known of it without it. */
  readonly onDeleted?: () => void;
}

/** How far the build of a server is, or why it failed and what to do. For a server in no other state. */
export function BuildProgress({ server, onDeleted }: BuildProgressProps) {
  const activity = useActivity(server.id);
  return (
    <Section title="Build">
      <Loaded what="steps of the build" resource={activity}>
        {(all) => <BuildOf server={server} build={findBuild(all)} onDeleted={onDeleted} />}
      </Loaded>
    </Section>
  );
}

/** The same of a server in any state; nothing where the build went well. */
export function FailedBuildOnly({ server }: BuildProgressProps) {
  const activity = useActivity(server.id);
  if (findBuild(valueOf(activity) ?? [])?.result !== "Error") return null;
  return <BuildProgress server={server} />;
}

interface BuildOfProps {
  readonly server: Server;
  readonly build: Activity | undefined;
  readonly onDeleted: (() => void) | undefined;
}

function BuildOf({ server, build, onDeleted }: BuildOfProps) {
  const { now } = usePanel();
  const image = valueOf(useImage(server.image?.id));
  if (build === undefined) return <p>What was done for it is not kept any more.</p>;
  const isRunning = build.finished_at === null;
  const steps = buildSteps(build, {
    hasAgent: image === undefined ? undefined : hasAgent(image),
    // The clock draws it anew only while there is something to count.
    now: isRunning ? now.value : now.peek(),
  });
  const failure = explainBuild(build);
  return (
    <>
      {isRunning && <p>{server.name} is being built. You can leave this page: it goes on.</p>}
      <CurrentStep steps={steps} />
      <Steps
        label="Steps of the build"
        // Why one failed is said below, with what to do.
        steps={steps.map(({ words, ...step }) => ({
          ...step,
          details: failure !== undefined && step.state === "failed" ? undefined : words,
        }))}
      />
      {failure !== undefined && (
        <FailedBuild server={server} failure={failure} requestId={build.request_id} onDeleted={onDeleted} />
      )}
    </>
  );
}
