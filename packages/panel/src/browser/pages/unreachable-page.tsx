import { useEffect } from "preact/hooks";
import { Button } from "../components/button.tsx";
import { Failure } from "../components/notice.tsx";
import { usePanel } from "../state/panel.ts";
import { useTask } from "../state/use-task.ts";

/** Where the panel cannot find out who one is. */
export function UnreachablePage({ error }: { readonly error: Error }) {
  const { sessions } = usePanel();
  const again = useTask(() => sessions.resume());
  useEffect(() => {
    document.title = "No answer · Cloud Control Panel";
  }, []);
  return (
    <main class="alone">
      <h1>Cloud Control Panel</h1>
      <Failure error={error} title="The panel cannot ask its service">
        <Button isBusy={again.isRunning.value} onClick={() => void again.run()}>
          Try again
        </Button>
      </Failure>
    </main>
  );
}
