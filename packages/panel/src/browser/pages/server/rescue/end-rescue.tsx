import { useSignal } from "@preact/signals";
import { Button } from "../../../components/button.tsx";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { Section } from "../../../components/section.tsx";
import { unrescueServer } from "../../../http/server-calls.ts";
import { type Server, whyNot } from "../../../model/server.ts";
import { usePanel } from "../../../state/panel.ts";

/** Has the server boot from its own disk again. */
export function EndRescue({ server }: { readonly server: Server }) {
  const { client } = usePanel();
  const isAsking = useSignal(false);
  const reason = whyNot(server, "unrescue");
  return (
    <Section title="End rescue">
      <p>The rescue system shuts down, and the server boots from its own disk again.</p>
      <div class="actions">
        <Button
          kind="primary"
          whyNot={reason}
          onClick={() => {
            isAsking.value = true;
          }}
        >
          End rescue
        </Button>
        {reason !== null && <span class="faint">Not possible now: {reason}</span>}
      </div>
      {isAsking.value && (
        <ConfirmDialog
          title={`End the rescue of ${server.name}`}
          action="End rescue"
          onConfirm={() => unrescueServer(client, server.id)}
          onClose={() => {
            isAsking.value = false;
          }}
        >
          <p>
            Have you let go of the server's disk (umount)? What stands in the rescue system itself, such as
            files in its /root, is gone afterwards.
          </p>
        </ConfirmDialog>
      )}
    </Section>
  );
}
