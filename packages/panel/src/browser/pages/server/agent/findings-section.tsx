import { useSignal } from "@preact/signals";
import { Ago } from "../../../components/ago.tsx";
import { Badge } from "../../../components/badge.tsx";
import { Button } from "../../../components/button.tsx";
import { Commands } from "../../../components/copy-button.tsx";
import { Fold } from "../../../components/fold.tsx";
import { Loaded } from "../../../components/loading.tsx";
import { Failure, Notice } from "../../../components/notice.tsx";
import { Section } from "../../../components/section.tsx";
import { examineServer } from "../../../http/guest-calls.ts";
import {
  type Examination,
  type Finding,
  findingsAnswer,
  isCommand,
  rankFindings,
  severityOf,
  summarize,
} from "../../../model/finding.ts";
import { guestPath } from "../../../http/server-paths.ts";
import { whyNotChange } from "../../../model/session.ts";
import { withLocalTimes } from "../../../model/time.ts";
import { usePanel, useSession } from "../../../state/panel.ts";
import { useResource } from "../../../state/use-resource.ts";
import { useTask } from "../../../state/use-task.ts";
import type { TabProps } from "../tab-props.ts";

/** An examination that was had here, and when. */
type Examined = Examination & { readonly at: string };

const outcomeWords: Readonly<Record<Examination["guest"], string>> = {
  answered: "The guest has examined itself",
  silent: "The guest did not answer",
  none: "The guest has no agent to ask",
  unsupported: "The guest's agent cannot examine it",
  refused: "The guest was not examined",
};

/** What the host sees of the guest, and after an examination what the guest's own doctor sees. */
export function FindingsSection({ server }: TabProps) {
  const { client } = usePanel();
  const session = useSession();
  const examined = useSignal<Examined | undefined>(undefined);
  const { id } = server;
  const seen = useResource({
    key: id,
    load: async (signal) => {
      const path = `${guestPath(id)}/findings`;
      return (await client.get(path, findingsAnswer, signal)).findings;
    },
    // A request that is on its way is no finding: what it has changed in the end is told as such.
    concerns: ({ kind, server_id }) => kind !== "operation" && server_id === id,
  });
  const task = useTask(async () => {
    const examination = await examineServer(client, id);
    examined.value = { ...examination, at: new Date().toISOString() };
    seen.reload();
  });
  return (
    <Section
      title="Doctor"
      actions={
        <Button isBusy={task.isRunning.value} whyNot={whyNotChange(session)} onClick={() => void task.run()}>
          Examine
        </Button>
      }
    >
      <p class="faint">
        The host looks at once. Examine asks the guest's own doctor as well, which changes nothing.
      </p>
      <div role="status">{task.isRunning.value && <p>The guest is asked …</p>}</div>
      {task.error.value !== undefined && (
        <Failure error={task.error.value} title="The guest was not examined" />
      )}
      {examined.value !== undefined && <Outcome examined={examined.value} />}
      <Loaded what="findings" resource={seen}>
        {(findings) => {
          const ofGuest = examined.value?.findings.filter(({ where }) => where === "guest") ?? [];
          // What the host sees is read anew with every change, what the guest saw is as old as its answer.
          return <Findings findings={[...findings.filter(({ where }) => where === "host"), ...ofGuest]} />;
        }}
      </Loaded>
    </Section>
  );
}

function Outcome({ examined: { guest, words, at } }: { readonly examined: Examined }) {
  return (
    <Notice tone={guest === "answered" ? "good" : "warn"} title={outcomeWords[guest]}>
      {words !== "" && <p>{withLocalTimes(words)}.</p>}
      <p>
        Asked <Ago at={at} />.
      </p>
    </Notice>
  );
}

function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  const ranked = rankFindings(findings);
  const well = ranked.filter(({ severity }) => severity === "ok");
  const skipped = ranked.filter(({ severity }) => severity === "skipped");
  return (
    <>
      <p>
        <Badge {...summarize(findings)} />
      </p>
      <FindingList
        findings={ranked.filter((finding) => !well.includes(finding) && !skipped.includes(finding))}
      />
      {skipped.length > 0 && (
        <Fold summary={`What could not be looked at (${skipped.length})`}>
          {() => <FindingList findings={skipped} />}
        </Fold>
      )}
      {well.length > 0 && (
        <Fold summary={`What is well (${well.length})`}>{() => <FindingList findings={well} />}</Fold>
      )}
    </>
  );
}

function FindingList({ findings }: { readonly findings: readonly Finding[] }) {
  if (findings.length === 0) return null;
  return (
    <ul class="items">
      {findings.map((finding, index) => (
        // Findings have no identity but their place.
        <li key={index} class="finding">
          <div class="finding-head">
            <Badge {...severityOf(finding)} />
            <span class="faint">
              {finding.where === "guest" ? "In the guest" : "From the host"}: {finding.check}
            </span>
          </div>
          <p>{withLocalTimes(finding.what)}</p>
          {finding.fix !== "" && <Fix text={finding.fix} />}
        </li>
      ))}
    </ul>
  );
}

function Fix({ text }: { readonly text: string }) {
  return isCommand(text) ? <Commands text={text} what="command" /> : <p>What to do: {text}</p>;
}
