import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Button } from "../../../components/button.tsx";
import { CopyButton } from "../../../components/copy-button.tsx";
import { Fold } from "../../../components/fold.tsx";
import { Loading } from "../../../components/loading.tsx";
import { Failure, Notice } from "../../../components/notice.tsx";
import { Section } from "../../../components/section.tsx";
import { PanelError } from "../../../errors.ts";
import { readConsole } from "../../../http/guest-calls.ts";
import { CONSOLE_LINES, GUEST_TEXT_MAX_CHARACTERS } from "../../../limits.ts";
import { showable } from "../../../model/printable.ts";
import { mayChange } from "../../../model/session.ts";
import { usePanel, useSession } from "../../../state/panel.ts";
import { useTask } from "../../../state/use-task.ts";
import type { TabProps } from "../tab-props.ts";

/** What the guest wrote to its console, read when somebody wants to see it. */
export function ConsoleSection({ server }: TabProps) {
  const session = useSession();
  return (
    <Section title="Console">
      {mayChange(session) ? (
        <Fold summary="Show what the guest wrote to its console">
          {() => <ConsoleOutput server={server} />}
        </Fold>
      ) : (
        <p class="faint">Your role in this project does not let you read consoles.</p>
      )}
    </Section>
  );
}

function ConsoleOutput({ server }: TabProps) {
  const { client } = usePanel();
  const text = useSignal<string | undefined>(undefined);
  const task = useTask(async () => {
    text.value = showable(await readConsole(client, server.id, CONSOLE_LINES), GUEST_TEXT_MAX_CHARACTERS);
  });
  useEffect(() => void task.run(), []);
  const error = task.error.value;
  const isRunning = task.isRunning.value;
  if (error !== undefined && isUnkept(error)) return <Unkept />;
  return (
    <>
      {text.value === undefined && isRunning && <Loading what="console" />}
      {error !== undefined && <Failure error={error} title="The console could not be read" />}
      {text.value === "" && <p>The guest has written nothing.</p>}
      {text.value !== undefined && text.value !== "" && (
        <pre class="raw" tabIndex={0} aria-label="Console of the guest">
          {text.value}
        </pre>
      )}
      <div class="actions">
        <Button isBusy={isRunning} onClick={() => void task.run()}>
          Read it again
        </Button>
        {text.value !== undefined && <CopyButton text={text.value} what="console output" />}
      </div>
    </>
  );
}

function Unkept() {
  return (
    <Notice tone="info" title="Nobody keeps the console of this guest">
      <p>
        The host writes no log of it. To see it, log in to the host and attach to the console of the domain
        there, as by <code>xl console</code>.
      </p>
    </Notice>
  );
}

/** Nova's answer where there is no console to read. */
function isUnkept(error: Error): boolean {
  return error instanceof PanelError && error.status === 404;
}
