import { useSignal } from "@preact/signals";
import { Commands } from "../../../components/copy-button.tsx";
import { SelectField } from "../../../components/field.tsx";
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

/** What to look at in a guest whose agent does not answer, in the order that is worth it. */
export function TroubleshootingSection({ server, os }: TroubleshootingProps) {
  const chosen = useSignal<GuestSystem | undefined>(undefined);
  const told = guestSystemOf(os);
  const system = chosen.value ?? told;
  const { text, commands } = introduceTroubleshooting(system);
  return (
    <Section title="When the agent does not answer">
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
      <p>{text}</p>
      {commands !== undefined && <Commands text={commands} what="command" />}
      <ol class="advice">
        {troubleshootingSteps(system).map((step) => (
          <li key={step.title}>
            <h3>{step.title}</h3>
            <p>{step.text}</p>
            <Commands text={step.commands} what={`commands: ${step.title}`} />
          </li>
        ))}
        <li>
          <h3>When nothing helps, or nobody can log in</h3>
          <p>
            Boot the server into a rescue system and mend it from there: its own disk is a second disk then.{" "}
            <Link to={{ page: "server", id: server.id, tab: "rescue" }}>Go to the Rescue tab</Link>
          </p>
        </li>
      </ol>
    </Section>
  );
}
