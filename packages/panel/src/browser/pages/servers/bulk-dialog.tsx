import { useSignal } from "@preact/signals";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { TextField } from "../../components/field.tsx";
import { Steps, type StepState } from "../../components/steps.tsx";
import { wordsOf } from "../../errors.ts";
import { BULK_AT_ONCE_MAX } from "../../limits.ts";
import type { ServerRow } from "../../model/server.ts";
import { countServers } from "../../model/words.ts";
import { usePanel } from "../../state/panel.ts";
import type { BulkAction } from "./bulk-actions.ts";

export interface BulkDialogProps {
  readonly action: BulkAction;
  readonly servers: readonly ServerRow[];
  /** Says whether anything was done. */
  readonly onClose: (isDone: boolean) => void;
}

/** How it went with one server. */
interface Outcome {
  readonly state: StepState;
  readonly words: string | undefined;
}

const waiting: Outcome = { state: "waiting", words: undefined };

/** Asks, does it to a few servers at a time, and tells of each how it went. */
export function BulkDialog({ action, servers, onClose }: BulkDialogProps) {
  const { client } = usePanel();
  const phase = useSignal<"asking" | "running" | "done">("asking");
  const typed = useSignal("");
  const outcomes = useSignal<ReadonlyMap<string, Outcome>>(new Map());
  const name = action.name.toLowerCase();
  const count = countServers(servers.length);
  const isConfirmed = !action.isDangerous || typed.value === name;

  const note = (id: string, outcome: Outcome): void => {
    outcomes.value = new Map(outcomes.value).set(id, outcome);
  };
  const carryOut = async ({ id }: ServerRow): Promise<void> => {
    note(id, { state: "running", words: undefined });
    try {
      await action.carryOut(client, id);
      note(id, { state: "done", words: undefined });
    } catch (error) {
      note(id, { state: "failed", words: wordsOf(error) });
    }
  };
  const run = async (): Promise<void> => {
    if (!isConfirmed || phase.value !== "asking") return;
    phase.value = "running";
    const left = [...servers];
    const work = async (): Promise<void> => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) await carryOut(next);
    };
    await Promise.all(Array.from({ length: BULK_AT_ONCE_MAX }, work));
    phase.value = "done";
  };

  const failures = [...outcomes.value.values()].filter(({ state }) => state === "failed").length;
  return (
    <Dialog
      title={`${action.name}: ${count}`}
      isBusy={phase.value === "running"}
      onClose={() => onClose(phase.value === "done")}
    >
      {phase.value === "asking" && <p>{action.text}</p>}
      <Steps
        label="Servers"
        steps={servers.map((server) => {
          const { state, words } = outcomes.value.get(server.id) ?? waiting;
          return { name: server.name, state, details: words };
        })}
      />
      {phase.value === "asking" ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void run();
          }}
        >
          {action.isDangerous && (
            <TextField
              label={`Type ${name} to confirm`}
              value={typed.value}
              onInput={(value) => {
                typed.value = value;
              }}
            />
          )}
          <div class="actions">
            <Button
              type="submit"
              kind={action.isDangerous ? "danger" : "primary"}
              whyNot={isConfirmed ? null : `Type ${name} first`}
            >
              {action.name} {count}
            </Button>
            <Button onClick={() => onClose(false)}>Cancel</Button>
          </div>
        </form>
      ) : (
        <>
          <p role="status">
            {phase.value === "running" && "It goes on …"}
            {phase.value === "done" &&
              (failures === 0
                ? "Done. What goes on in them shows in the list."
                : `${failures} of ${count} failed.`)}
          </p>
          <div class="actions">
            <Button kind="primary" isBusy={phase.value === "running"} onClick={() => onClose(true)}>
              Close
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}
