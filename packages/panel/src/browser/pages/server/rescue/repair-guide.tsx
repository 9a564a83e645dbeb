import { useSignal } from "@preact/signals";
import { Commands } from "../../../components/copy-button.tsx";
import { SelectField, TextField } from "../../../components/field.tsx";
import { Section } from "../../../components/section.tsx";
import {
  placeProblem,
  repairSteps,
  rescuedSystemNamed,
  rescuedSystemOf,
  rescuedSystems,
  rescuedSystemWords,
  usualPlaces,
} from "../../../model/repair-steps.ts";
import type { Server } from "../../../model/server.ts";
import { useImage } from "../../../state/use-image.ts";

/** What to type in the rescue system, for the system that is to be repaired. */
export function RepairGuide({ server }: { readonly server: Server }) {
  const image = useImage(server.image?.id).state.value;
  const chosen = useSignal("");
  const partition = useSignal(usualPlaces.partition);
  const directory = useSignal(usualPlaces.directory);
  const known = image.kind === "ready" ? image.value : undefined;
  const guessed = rescuedSystemOf(known ?? server.image ?? { name: "" });
  const system = rescuedSystemNamed(chosen.value) ?? guessed;
  const problems = { partition: placeProblem(partition.value), directory: placeProblem(directory.value) };
  const places = {
    partition: problems.partition === undefined ? partition.value : usualPlaces.partition,
    directory: problems.directory === undefined ? directory.value : usualPlaces.directory,
  };
  const [address] = server.addresses;
  return (
    <Section title="Repair the server">
      <div class="guide-fields">
        <SelectField
          label="System on the server's disk"
          value={system}
          options={rescuedSystems.map((value) => ({ value, text: rescuedSystemWords(value) }))}
          onChange={(value) => {
            chosen.value = value;
          }}
        />
        <TextField
          label="Part of the disk with the system"
          value={partition.value}
          error={problems.partition}
          onInput={(value) => {
            partition.value = value;
          }}
        />
        <TextField
          label="Directory to mount it at"
          value={directory.value}
          error={problems.directory}
          onInput={(value) => {
            directory.value = value;
          }}
        />
      </div>
      <ol class="guide">
        <li>
          <h3>Log in to the rescue system</h3>
          <p>
            As root, with the one-time password, which was shown once to whoever began the rescue. When it is
            lost, end the rescue and enter it again.
          </p>
          {address !== undefined && <Commands text={loginCommand(address)} what="command" />}
        </li>
        {repairSteps(system, places).map(({ name, text, commands }) => (
          <li key={name}>
            <h3>{name}</h3>
            <p>{text}</p>
            {commands !== undefined && <Commands text={commands} what={`commands: ${name}`} />}
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** The rescue system's host key is not kept beside the server's. */
function loginCommand(address: string): string {
  return `ssh -o UserKnownHostsFile=/dev/null root@${address}`;
}
