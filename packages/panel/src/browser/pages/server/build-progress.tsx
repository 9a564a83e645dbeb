import { Loaded } from "../../components/loading.tsx";
import { Section } from "../../components/section.tsx";
import { Steps } from "../../components/steps.tsx";
import type { Activity } from "../../model/activity.ts";
import { buildSteps, findBuild } from "../../model/build-steps.ts";
import type { Server } from "../../model/server.ts";
import { usePanel } from "../../state/panel.ts";
import { useActivity } from "../../state/use-activity.ts";

export interface BuildProgressProps {
  readonly server: Server;
}

/** How far the build of a server is, and why it failed; of one that was built, how that went. */
export function BuildProgress({ server }: BuildProgressProps) {
  const activity = useActivity(server.id);
  return (
    <Section title="Build">
      <Loaded what="steps of the build" resource={activity}>
        {(all) => <BuildOf server={server} build={findBuild(all)} />}
      </Loaded>
    </Section>
  );
}

function BuildOf({ server, build }: BuildProgressProps & { readonly build: Activity | undefined }) {
  const { now } = usePanel();
  if (build === undefined) return <p>What was done for it is not kept any more.</p>;
  const hasAgent = server.agent.health !== "none";
  const isRunning = build.finished_at === null;
  // The clock draws it anew only while there is something to count.
  const steps = buildSteps(build, { hasAgent, now: isRunning ? now.value : now.peek() });
  return (
    <Steps
      label="Steps of the build"
      steps={steps.map(({ words, ...step }) => ({ ...step, details: words }))}
    />
  );
}
