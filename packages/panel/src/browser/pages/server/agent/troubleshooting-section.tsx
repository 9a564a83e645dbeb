import { useSignal } from "@preact/signals";
import { Commands } from "../../../components/copy-button.tsx";
import { SelectField } from "../../../components/field.tsx";
import { Fold } from "../../../components/fold.tsx";
import { Link } from "../../../components/link.tsx";
import { Section } from "../../../components/section.tsx";
import {
  type GuestSystem,
  guestSystemOf,
  guestSystems,
  systemName,
  systemNamed,
} from "../../../model/guest-system.ts";
import type { GuestReport } from "../../../model/report.ts";
import { introduceTroubleshooting, troubleshootingSteps } from "../../../model/troubleshooting.ts";
import type { TabProps } from "../tab-props.ts";

export interface TroubleshootingProps extends TabProps {
  /** As the guest tells it. */
  readonly os: GuestReport["os"];
}

/** What to look at in a guest whose agent does not answer; in sight where it does not. */
export function TroubleshootingSection({ server, os }: TroubleshootingProps) {
  const { health } = server.agent;
  const isNeeded = health === "silent" || health === "none";
  return (
    <Section title="When the agent does not answer">
      {/* Another one when that changes: it opens by itself. */}
      <Fold key={isNeeded} summary="Steps to take in the guest" isOpenAtFirst={isNeeded}>
        {() => <Advice server={server} os={os} />}
      </Fold>
    </Section>
  );
}

function Advice({ server, os }: TroubleshootingProps) {
  const chosen = useSignal<GuestSystem | undefined>(undefined);
  const system = chosen.value ?? guestSystemOf(os);
  const { text, commands } = introduceTroubleshooting(system);
  const steps = troubleshootingSteps(system);
  return (
    <>
      <div class="short-field">
        <SelectField
          label="System of the guest"
          hint={
            os === null ? "The guest has not told what it runs." : `The guest tells that it runs ${os.name}.`
          }
          value={system}
          onChange={(value) => {
            chosen.value = systemNamed(value);
          }}
          options={guestSystems.map((value) => ({ value, text: systemName(value) }))}
        />
      </div>
      <p>{text}</p>
      {commands !== undefined && <Commands text={commands} what="command" />}
      <ol class="advice">
        {steps.map((step, index) => (
          <li key={step.title}>
            <h3>
              {index + 1}. {step.title}
            </h3>
            <p>{step.text}</p>
            <Commands text={step.commands} what={`commands: ${step.title}`} />
          </li>
        ))}
        <li>
          <h3>{steps.length + 1}. When nothing helps, or nobody can log in</h3>
          <p>
            Boot the server into a rescue system and mend it from there: its own disk is a second disk then.{" "}
            <Link to={{ page: "server", id: server.id, tab: "rescue" }}>Go to the Rescue tab</Link>
          </p>
        </li>
      </ol>
    </>
  );
}
