import { useSignal } from "@preact/signals";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { Copyable } from "../../components/copy-button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { TextField } from "../../components/field.tsx";
import { Failure } from "../../components/notice.tsx";
import type { ApiClient } from "../../http/api-client.ts";
import {
  deleteServer,
  rebootServer,
  renameServer,
  startServer,
  stopServer,
} from "../../http/server-calls.ts";
import { type Server, type ServerAction, whyNot } from "../../model/server.ts";
import { healthOf, statusOf } from "../../model/words.ts";
import { usePanel } from "../../state/panel.ts";
import { useTask } from "../../state/use-task.ts";
import { ServerNotices, type ServerNoticesProps } from "./server-notices.tsx";

/** Something that the header offers. */
interface HeaderAction {
  readonly action: ServerAction;
  readonly name: string;
  readonly text: string;
  readonly isDangerous?: boolean;
  /** Whether the server's name has to be typed. */
  readonly isTyped?: boolean;
  readonly carryOut: (client: ApiClient, id: string) => Promise<void>;
}

const powerActions: readonly HeaderAction[] = [
  {
    action: "start",
    name: "Start",
    text: "The server boots from its own disk.",
    carryOut: startServer,
  },
  {
    action: "reboot",
    name: "Reboot",
    text: "The guest is asked to reboot in good order. What runs in it is interrupted for that long.",
    carryOut: (client, id) => rebootServer(client, id, "SOFT"),
  },
  {
    action: "hardReboot",
    name: "Hard reboot",
    text: "The server is switched off and on at once, as by its power button. What the guest has not written to its disk is lost.",
    isDangerous: true,
    carryOut: (client, id) => rebootServer(client, id, "HARD"),
  },
  {
    action: "stop",
    name: "Stop",
    text: "The guest is asked to shut down. What it serves cannot be reached until the server is started.",
    isDangerous: true,
    carryOut: stopServer,
  },
];

const deletion: HeaderAction = {
  action: "delete",
  name: "Delete",
  text: "The server and everything on its disk are gone for good.",
  isDangerous: true,
  isTyped: true,
  carryOut: deleteServer,
};

/** How the server is, and what can be done with all of it. */
export function ServerHeader({ server, tab }: ServerNoticesProps) {
  const { client, router } = usePanel();
  const begun = useSignal<HeaderAction | undefined>(undefined);
  const isRenaming = useSignal(false);
  const health = healthOf(server.agent.health);
  const confirm = async (action: HeaderAction): Promise<void> => {
    await action.carryOut(client, server.id);
    if (action.action === "delete") router.go({ page: "servers" });
  };
  const button = (action: HeaderAction) => (
    <Button
      key={action.action}
      kind={action.isDangerous === true ? "danger" : "plain"}
      whyNot={whyNot(server, action.action)}
      onClick={() => {
        begun.value = action;
      }}
    >
      {action.name}
    </Button>
  );
  return (
    <div class="server-head">
      <div class="server-state">
        <span role="status">
          <Badge {...statusOf(server)} />
          {server.status === "BUILD" && <span class="faint"> {server.progress} %</span>}
        </span>
        <span>
          Agent: <Badge {...health} />
          {server.agent.version !== null && <span class="faint"> {server.agent.version}</span>}
        </span>
        <Copyable text={server.id} what="id" />
      </div>
      <div class="actions" role="group" aria-label="Actions">
        {powerActions.map(button)}
        <Button
          whyNot={whyNot(server, "rename")}
          onClick={() => {
            isRenaming.value = true;
          }}
        >
          Rename
        </Button>
        {button(deletion)}
      </div>
      <ServerNotices server={server} tab={tab} />
      {begun.value !== undefined && (
        <ConfirmDialog
          title={`${begun.value.name} ${server.name}`}
          action={begun.value.name}
          isDangerous={begun.value.isDangerous ?? false}
          typed={begun.value.isTyped === true ? server.name : undefined}
          onConfirm={confirm.bind(undefined, begun.value)}
          onClose={() => {
            begun.value = undefined;
          }}
        >
          <p>{begun.value.text}</p>
        </ConfirmDialog>
      )}
      {isRenaming.value && (
        <RenameDialog
          server={server}
          onClose={() => {
            isRenaming.value = false;
          }}
        />
      )}
    </div>
  );
}

function RenameDialog({ server, onClose }: { readonly server: Server; readonly onClose: () => void }) {
  const { client } = usePanel();
  const name = useSignal(server.name);
  const task = useTask(() => renameServer(client, server.id, name.value));
  const submit = async (): Promise<void> => {
    if (await task.run()) onClose();
  };
  return (
    <Dialog title={`Rename ${server.name}`} onClose={onClose} isBusy={task.isRunning.value}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <TextField
          label="New name"
          hint="The guest keeps its host name."
          value={name.value}
          isRequired
          maxLength={255}
          onInput={(value) => {
            name.value = value;
          }}
        />
        {task.error.value !== undefined && (
          <Failure error={task.error.value} title="The name was not changed" />
        )}
        <div class="actions">
          <Button type="submit" kind="primary" isBusy={task.isRunning.value}>
            Rename
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </div>
      </form>
    </Dialog>
  );
}
