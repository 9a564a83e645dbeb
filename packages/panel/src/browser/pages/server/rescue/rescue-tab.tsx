import { useEffect } from "preact/hooks";
import { Loaded } from "../../../components/loading.tsx";
import { ShownOnce } from "../../../components/shown-once.tsx";
import { findRescue } from "../../../model/rescue-steps.ts";
import type { Server } from "../../../model/server.ts";
import { useActivity } from "../../../state/use-activity.ts";
import { useSecret } from "../../../state/use-secret.ts";
import type { TabProps } from "../tab-props.ts";
import { EndRescue } from "./end-rescue.tsx";
import { EnterRescue } from "./enter-rescue.tsx";
import { RepairGuide } from "./repair-guide.tsx";
import { RescueProgress } from "./rescue-progress.tsx";

/** Boots a rescue system for a server into which nobody gets any more, and the server again. */
export function RescueTab({ server }: TabProps) {
  const activity = useActivity(server.id);
  const password = useSecret();
  const isRescued = server.vm_state === "rescued";
  // With the rescue system its password is over.
  const forget = (): void => {
    password.value = "";
  };
  useEffect(() => (isRescued ? forget : undefined), [isRescued]);
  return (
    <>
      <ShownOnce secret={password} title="The one-time password of the rescue system" what="password">
        <p>
          {isRescued ? "Log in" : "Once the rescue system runs, log in"} with it as <strong>root</strong>. The
          password of the server itself stays what it was.
        </p>
      </ShownOnce>
      <Loaded what="last rescue" resource={activity}>
        {(all) => <RescueProgress server={server} rescue={findRescue(all)} />}
      </Loaded>
      {isRescued ? (
        <>
          <RepairGuide server={server} />
          <EndRescue server={server} />
        </>
      ) : (
        <NotRescued
          server={server}
          onBegun={(told) => {
            password.value = told;
          }}
        />
      )}
    </>
  );
}

interface NotRescuedProps {
  readonly server: Server;
  readonly onBegun: (password: string) => void;
}

/** While something goes on, its steps say enough. */
function NotRescued({ server, onBegun }: NotRescuedProps) {
  const isUnderWay = server.task_state === "rescuing" || server.task_state === "unrescuing";
  return isUnderWay ? null : <EnterRescue server={server} onBegun={onBegun} />;
}
