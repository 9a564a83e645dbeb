import { Ago } from "../../../components/ago.tsx";
import { Commands } from "../../../components/copy-button.tsx";
import { CurrentStep } from "../../../components/current-step.tsx";
import { Link } from "../../../components/link.tsx";
import { Notice } from "../../../components/notice.tsx";
import { Section } from "../../../components/section.tsx";
import { Steps } from "../../../components/steps.tsx";
import type { Activity } from "../../../model/activity.ts";
import { isWithoutPassword, rescueSteps } from "../../../model/rescue-steps.ts";
import type { Server } from "../../../model/server.ts";
import { usePanel } from "../../../state/panel.ts";

export interface RescueProgressProps {
  readonly server: Server;
  readonly rescue: Activity | undefined;
}

/** How far the newest beginning or end of a rescue is, whoever has begun it, and what to do after it. */
export function RescueProgress({ server, rescue }: RescueProgressProps) {
  const { now } = usePanel();
  if (rescue === undefined) return null;
  const isRunning = rescue.finished_at === null;
  // The clock draws it anew only while there is something to count.
  const steps = rescueSteps(rescue, isRunning ? now.value : now.peek());
  return (
    <Section title={titleOf(rescue)}>
      <p class="faint">
        By {rescue.user.name}, <Ago at={rescue.started_at} />
      </p>
      <CurrentStep steps={steps} />
      <Steps label="Steps of it" steps={steps.map(({ words, ...step }) => ({ ...step, details: words }))} />
      {!isRunning && <Outcome server={server} rescue={rescue} />}
    </Section>
  );
}

function titleOf({ action, finished_at: finishedAt, result }: Activity): string {
  const isBegin = action === "rescue";
  if (finishedAt === null) return isBegin ? "Entering rescue mode" : "Leaving rescue mode";
  if (result === "Success") return isBegin ? "The rescue system runs" : "The last rescue has ended";
  return isBegin ? "Rescue mode was not entered as it should be" : "The rescue did not end as it should";
}

function Outcome({ server, rescue }: { readonly server: Server; readonly rescue: Activity }) {
  if (rescue.result !== "Success") return <WaysOut server={server} rescue={rescue} />;
  if (isWithoutPassword(rescue) && server.vm_state === "rescued") {
    return (
      <Notice tone="warn" title="The one-time password was not set">
        <p>The rescue image has no agent that could take it: log in as the image itself provides.</p>
      </Notice>
    );
  }
  return rescue.action === "unrescue" && server.vm_state === "active" ? (
    <WhatToCheck server={server} />
  ) : null;
}

function WaysOut({ server, rescue }: { readonly server: Server; readonly rescue: Activity }) {
  const isInside = server.vm_state === "rescued";
  return (
    <Notice tone="warn" title="What you can do">
      {rescue.message !== "" && <p>{rescue.message}</p>}
      <p>
        {isInside
          ? "The rescue system runs, but did not take all that it was given: the one-time password may not work. End the rescue and enter it again."
          : "Nothing on the server's own disk was changed. Try again, or reboot the server hard: the buttons are at the top of this page."}
      </p>
    </Notice>
  );
}

/** After a rescue. */
function WhatToCheck({ server }: { readonly server: Server }) {
  const [address] = server.addresses;
  return (
    <>
      <h3>What to check now</h3>
      <ol class="prose-list">
        <li>
          The agent answers within a minute or two of the boot:{" "}
          <Link to={{ page: "server", id: server.id, tab: "agent" }}>have the guest examined</Link>.
        </li>
        <li>
          You can log in with the password that you set
          {address === undefined ? "." : ":"}
          {address !== undefined && <Commands text={`ssh root@${address}`} what="command" />}
        </li>
        <li>
          Its networks are as they should be:{" "}
          <Link to={{ page: "server", id: server.id, tab: "networks" }}>compare them</Link>.
        </li>
      </ol>
    </>
  );
}
