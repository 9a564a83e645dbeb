import { useSignal } from "@preact/signals";
import { Button } from "../../../components/button.tsx";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { Link } from "../../../components/link.tsx";
import { Section } from "../../../components/section.tsx";
import { rescueServer } from "../../../http/server-calls.ts";
import { type Server, whyNot } from "../../../model/server.ts";
import { usePanel } from "../../../state/panel.ts";

export interface EnterRescueProps {
  readonly server: Server;
  /** With the one-time password. */
  readonly onBegun: (password: string) => void;
}

/** Says what a rescue is, and begins one. */
export function EnterRescue({ server, onBegun }: EnterRescueProps) {
  const { client } = usePanel();
  const isAsking = useSignal(false);
  const reason = whyNot(server, "rescue");
  return (
    <Section title="Enter rescue mode">
      <p class="prose">
        For a server into which nobody gets any more: its password is lost, its network is broken, or its
        agent does not run. Where the agent answers,{" "}
        <Link to={{ page: "server", id: server.id, tab: "access" }}>reset the password</Link> instead: that
        needs no reboot.
      </p>
      <h3>What will happen</h3>
      <ol class="prose-list">
        <li>The server shuts down. What it serves cannot be reached until the rescue ends.</li>
        <li>
          A small rescue system boots in its place, with the server's own disk as a second disk. Nothing on
          that disk is changed unless you do it.
        </li>
        <li>
          Its network cards and addresses stay the same. SSH warns that the host key is another one: it is
          another system.
        </li>
        <li>The rescue system gets a password for root, which is shown here once.</li>
        <li>
          When you end the rescue, the server boots from its own disk again. What you changed on that disk
          stays; the rescue system goes.
        </li>
      </ol>
      <div class="actions">
        <Button
          kind="danger"
          whyNot={reason}
          onClick={() => {
            isAsking.value = true;
          }}
        >
          Enter rescue mode
        </Button>
        {reason !== null && <span class="faint">Not possible now: {reason}</span>}
      </div>
      {isAsking.value && (
        <ConfirmDialog
          title={`Enter rescue mode with ${server.name}`}
          action="Enter rescue mode"
          isDangerous
          typed={server.name}
          onConfirm={async () => onBegun(await rescueServer(client, server.id))}
          onClose={() => {
            isAsking.value = false;
          }}
        >
          <p>
            The server shuts down and a rescue system boots in its place. What the server does now is
            interrupted until you end the rescue.
          </p>
        </ConfirmDialog>
      )}
    </Section>
  );
}
