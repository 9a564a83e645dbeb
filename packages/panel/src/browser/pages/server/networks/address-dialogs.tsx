import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { addAddress, removeAddress } from "../../../http/network-calls.ts";
import type { Server } from "../../../model/server.ts";
import { usePanel } from "../../../state/panel.ts";

interface AddressDialogProps {
  readonly server: Server;
  readonly onDone: (words: string) => void;
  readonly onClose: () => void;
}

interface AddDialogProps extends AddressDialogProps {
  readonly network: { readonly id: string; readonly name: string };
}

/** Asks before the server gets one more address. */
export function AddDialog({ server, network, onDone, onClose }: AddDialogProps) {
  const { client } = usePanel();
  return (
    <ConfirmDialog
      title={`Add an address of ${network.name}`}
      action="Add an address"
      onConfirm={async () => {
        await addAddress(client, server.id, network.id);
        onDone(`One more address of ${network.name} was added.`);
      }}
      onClose={onClose}
    >
      <p>
        The card gets one more free IPv4 address of {network.name}, and the guest sets it up at once. If it
        refuses, the address is given back.
      </p>
    </ConfirmDialog>
  );
}

/** Asks before an address is taken away. */
export function RemoveDialog({
  server,
  address,
  onDone,
  onClose,
}: AddressDialogProps & { readonly address: string }) {
  const { client } = usePanel();
  return (
    <ConfirmDialog
      title={`Remove ${address}`}
      action="Remove"
      isDangerous
      onConfirm={async () => {
        await removeAddress(client, server.id, address);
        onDone(`${address} was removed.`);
      }}
      onClose={onClose}
    >
      <p>
        The guest does without {address} at once, and connections to it end. Another server may be given it
        afterwards.
      </p>
    </ConfirmDialog>
  );
}
