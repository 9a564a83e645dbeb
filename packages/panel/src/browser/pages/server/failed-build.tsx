import { useSignal } from "@preact/signals";
import { Button } from "../../components/button.tsx";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { Link } from "../../components/link.tsx";
import { Notice } from "../../components/notice.tsx";
import { deleteServer } from "../../http/server-calls.ts";
import { draftOf } from "../../model/build-draft.ts";
import type { BuildFailure } from "../../model/build-failure.ts";
import { type Server, whyNot } from "../../model/server.ts";
import { usePanel } from "../../state/panel.ts";

export interface FailedBuildProps {
  readonly server: Server;
  readonly failure: BuildFailure;
  readonly requestId: string;
  readonly onDeleted: (() => void) | undefined;
}

/** Why a build failed, what to do, and the way to another attempt. */
export function FailedBuild({ server, failure, requestId, onDeleted }: FailedBuildProps) {
  const { client, router, buildDraft } = usePanel();
  const isAsking = useSignal(false);
  const { step, meaning, words, advice, isGuestThere } = failure;
  const again = (): void => {
    buildDraft.value = draftOf(server);
    router.go({ page: "build" });
  };
  return (
    <>
      <Notice
        tone="bad"
        title={step === undefined ? "The build has failed" : `The build has failed at "${step}"`}
      >
        <p>{meaning}</p>
        {words !== "" && <p>The service says: {words}</p>}
        <p class="faint">Request {requestId}</p>
      </Notice>
      <h3>What to do</h3>
      <ol class="bullets">
        {advice.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ol>
      <div class="actions">
        <Button
          kind="danger"
          whyNot={whyNot(server, "delete")}
          onClick={() => {
            isAsking.value = true;
          }}
        >
          Delete and try again
        </Button>
        {isGuestThere && (
          <>
            <Link to={{ page: "server", id: server.id, tab: "agent" }}>Look at its agent</Link>
            <Link to={{ page: "server", id: server.id, tab: "activity" }}>See what was done</Link>
          </>
        )}
      </div>
      {isAsking.value && (
        <ConfirmDialog
          title={`Delete ${server.name} and try again`}
          action="Delete"
          isDangerous
          onConfirm={async () => {
            await deleteServer(client, server.id);
            (onDeleted ?? again)();
          }}
          onClose={() => {
            isAsking.value = false;
          }}
        >
          <p>
            The server and its disk are gone for good. The form comes back with what is known of it; its
            password, and perhaps its files, have to be given again.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
