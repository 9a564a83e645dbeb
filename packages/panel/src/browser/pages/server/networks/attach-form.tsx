import { useSignal } from "@preact/signals";
import { Button } from "../../../components/button.tsx";
import { SelectField, TextField } from "../../../components/field.tsx";
import { Failure } from "../../../components/notice.tsx";
import { addressProblem } from "../../../model/address.ts";
import type { Network } from "../../../model/inventory.ts";

/** What somebody asks for. */
export interface AttachChoice {
  readonly network: Network;
  /** Empty for whichever is free. */
  readonly address: string;
}

export interface AttachFormProps {
  readonly networks: readonly Network[];
  /** The ids of those that the server is in. */
  readonly present: readonly string[];
  readonly former: AttachChoice | undefined;
  readonly isLooking: boolean;
  /** Why what was chosen cannot be had. */
  readonly error: Error | undefined;
  readonly onChoose: (choice: AttachChoice) => void;
  readonly onClose: () => void;
}

/** Asks for a network, and for an address if that matters. */
export function AttachForm({
  networks,
  present,
  former,
  isLooking,
  error,
  onChoose,
  onClose,
}: AttachFormProps) {
  const likeliest = networks.find(({ id }) => !present.includes(id)) ?? networks[0];
  const networkId = useSignal((former?.network ?? likeliest)?.id ?? "");
  const address = useSignal(former?.address ?? "");
  const isTried = useSignal(false);
  const network = networks.find(({ id }) => id === networkId.value);
  if (network === undefined) return <p>There is no network that this project may use.</p>;
  const text = address.value.trim();
  const problem = text === "" ? undefined : addressProblem(text, network.blocks);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        isTried.value = true;
        if (problem === undefined) onChoose({ network, address: text });
      }}
    >
      <SelectField
        label="Network"
        hint={network.blocks.join(", ")}
        value={networkId.value}
        options={networks.map(({ id, name }) => ({ value: id, text: name }))}
        onChange={(value) => {
          networkId.value = value;
        }}
      />
      <TextField
        label="Address (if it matters)"
        hint="Empty for whichever is free."
        value={address.value}
        error={isTried.value ? problem : undefined}
        onInput={(value) => {
          address.value = value;
        }}
      />
      {error !== undefined && <Failure error={error} title="It cannot be attached like this" />}
      <p class="faint">Nothing changes before you have seen what will.</p>
      <div class="actions">
        <Button type="submit" kind="primary" isBusy={isLooking}>
          Show what will change
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </div>
    </form>
  );
}
