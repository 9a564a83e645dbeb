import { TextField } from "../../components/field.tsx";
import { Notice } from "../../components/notice.tsx";
import { Section } from "../../components/section.tsx";
import type { DraftFaults, DraftNetwork } from "../../model/build-draft.ts";
import type { Network } from "../../model/inventory.ts";

export interface NetworkFieldsProps {
  readonly networks: readonly Network[];
  readonly chosen: readonly DraftNetwork[];
  readonly faults: Pick<DraftFaults, "networks" | "addresses"> | undefined;
  readonly onChange: (chosen: readonly DraftNetwork[]) => void;
}

/** The networks that the server is to be in, each with an address if that matters. */
export function NetworkFields({ networks, chosen, faults, onChange }: NetworkFieldsProps) {
  const choose = (network: Network, isChosen: boolean): void => {
    const wanted = (id: string) => (id === network.id ? isChosen : chosen.some((each) => each.id === id));
    // In the order of the list, which is that of the network cards.
    onChange(
      networks
        .filter(({ id }) => wanted(id))
        .map(({ id }) => chosen.find((each) => each.id === id) ?? { id, address: "" }),
    );
  };
  const setAddress = (id: string, address: string): void =>
    onChange(chosen.map((each) => (each.id === id ? { id, address } : each)));
  return (
    <Section title="Networks">
      <fieldset class="choices">
        <legend class="visually-hidden">Networks of the server</legend>
        {networks.map((network) => (
          <NetworkChoice
            key={network.id}
            network={network}
            address={chosen.find(({ id }) => id === network.id)?.address}
            fault={faults?.addresses.get(network.id)}
            onChoose={(isChosen) => choose(network, isChosen)}
            onAddress={(address) => setAddress(network.id, address)}
          />
        ))}
      </fieldset>
      {faults?.networks !== undefined && (
        <p class="field-error" role="alert">
          {faults.networks}
        </p>
      )}
      {chosen.length === 0 && (
        <Notice tone="warn">Without a network nothing reaches the server but its console.</Notice>
      )}
    </Section>
  );
}

interface NetworkChoiceProps {
  readonly network: Network;
  /** Undefined where it is not chosen. */
  readonly address: string | undefined;
  readonly fault: string | undefined;
  readonly onChoose: (isChosen: boolean) => void;
  readonly onAddress: (address: string) => void;
}

function NetworkChoice({ network, address, fault, onChoose, onAddress }: NetworkChoiceProps) {
  return (
    <div class="network-choice">
      <label class="choice">
        <input
          type="checkbox"
          checked={address !== undefined}
          onChange={(event) => onChoose(event.currentTarget.checked)}
        />
        <span>
          {network.name}
          <span class="faint choice-note">{network.blocks.join(", ")}</span>
        </span>
      </label>
      {address !== undefined && (
        <TextField
          label={`Address in ${network.name} (if it matters)`}
          value={address}
          error={fault}
          placeholder="whichever is free"
          onInput={onAddress}
        />
      )}
    </div>
  );
}
