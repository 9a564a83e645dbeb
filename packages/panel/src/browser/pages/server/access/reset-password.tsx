import { type Signal, useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { Button } from "../../../components/button.tsx";
import { Link } from "../../../components/link.tsx";
import { Loaded } from "../../../components/loading.tsx";
import { NewPasswordFields, useNewPassword } from "../../../components/new-password.tsx";
import { Failure, Notice } from "../../../components/notice.tsx";
import { Section } from "../../../components/section.tsx";
import { ShownOnce } from "../../../components/shown-once.tsx";
import { PanelError } from "../../../errors.ts";
import { changePassword } from "../../../http/server-calls.ts";
import type { Activity } from "../../../model/activity.ts";
import type { Image } from "../../../model/inventory.ts";
import { findPasswordReset, mayBeSet } from "../../../model/password-steps.ts";
import { type Server, whyNot } from "../../../model/server.ts";
import { usePanel } from "../../../state/panel.ts";
import { useImage } from "../../../state/use-image.ts";
import type { Resource, ResourceState } from "../../../state/use-resource.ts";
import { useSecret } from "../../../state/use-secret.ts";
import { useTask } from "../../../state/use-task.ts";
import { PasswordProgress } from "./password-progress.tsx";

export interface ResetPasswordProps {
  readonly server: Server;
  readonly activity: Resource<readonly Activity[]>;
}

/** Has the guest set another password, made or typed; one that was made is shown once it is set. */
export function ResetPassword({ server, activity }: ResetPasswordProps) {
  const { password, task, made, sent, isTypedSet, submit } = useReset(server);
  const account = accountOf(useImage(server.image?.id).state.value);
  return (
    <Section title="Reset password">
      <p class="prose">
        Sets the password of {account} while the server runs: it does not reboot, and nobody is logged out.
      </p>
      <ShownOnce secret={made} title="The new password" what="password">
        <p>The guest has it now: log in as {account}.</p>
      </ShownOnce>
      {isTypedSet.value && <Notice tone="good">The guest has the password that you typed.</Notice>}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <SilentAgent server={server} reset={newestReset(activity)} />
        <NewPasswordFields password={password} known={[server.name, server.hostname]} />
        <Submit
          reason={whyNot(server, "changePassword")}
          isRunning={task.isRunning.value}
          isMade={sent.value !== ""}
        />
      </form>
      {task.error.value !== undefined && (
        <ResetFailure error={task.error.value} reset={newestReset(activity)} sent={sent} />
      )}
      <Loaded what="last reset" resource={activity}>
        {(all) => <PasswordProgress server={server} reset={findPasswordReset(all)} />}
      </Loaded>
    </Section>
  );
}

interface SilentAgentProps {
  readonly server: Server;
  readonly reset: Activity | undefined;
}

/** Says beforehand that nobody is there to set a password; after a reset that failed, its ways out say so. */
function SilentAgent({ server: { id, agent }, reset }: SilentAgentProps) {
  const isSilent = agent.health === "silent" || agent.health === "none";
  if (!isSilent || reset?.result === "Error") return null;
  return (
    <Notice tone="warn">
      <p>
        It is the guest's agent that sets the password, and it does not answer: a reset will most likely fail.
        A rescue does not need it: <Link to={{ page: "server", id, tab: "rescue" }}>go to Rescue</Link>.
      </p>
    </Notice>
  );
}

function useReset({ id }: Server) {
  const { client } = usePanel();
  const password = useNewPassword();
  /** One that was made: on its way, and when the guest has it. */
  const sent = useSecret();
  const made = useSecret();
  const isTypedSet = useSignal(false);
  const task = useTask(async () => {
    made.value = "";
    isTypedSet.value = false;
    const isTyped = password.isTyped.value;
    const text = password.take();
    sent.value = isTyped ? "" : text;
    await changePassword(client, id, text);
    made.value = sent.value;
    sent.value = "";
    isTypedSet.value = isTyped;
    password.forget();
  });
  const submit = (): void => {
    password.isTried.value = true;
    if (password.problem() === undefined) void task.run();
  };
  return { password, task, made, sent, isTypedSet, submit };
}

interface SubmitProps {
  /** Why it cannot be reset now. */
  readonly reason: string | null;
  readonly isRunning: boolean;
  /** Whether the password on its way was made here. */
  readonly isMade: boolean;
}

function Submit({ reason, isRunning, isMade }: SubmitProps) {
  return (
    <div class="actions">
      <Button type="submit" kind="primary" isBusy={isRunning} whyNot={isRunning ? null : reason}>
        Reset password
      </Button>
      <span role="status">{isRunning && isMade && "Stay here: the password is shown when it is set."}</span>
      {!isRunning && reason !== null && (
        // The button itself tells it to those who do not see this.
        <span class="faint" aria-hidden="true">
          {reason}
        </span>
      )}
    </div>
  );
}

interface ResetFailureProps {
  readonly error: Error;
  readonly reset: Activity | undefined;
  /** The password that was made for it; empty for one that was typed. */
  readonly sent: Signal<string>;
}

/** What went wrong, unless the steps tell it; and the password, when the guest may have it all the same. */
function ResetFailure({ error, reset, sent }: ResetFailureProps) {
  const isRefused = error instanceof PanelError && error.code === "REFUSED";
  const ended = reset?.finished_at === null ? undefined : reset;
  const isTold = isRefused && ended !== undefined && ended.request_id === error.requestId;
  const mayHaveIt = !isRefused || (isTold && mayBeSet(ended));
  useEffect(() => {
    if (isTold && !mayHaveIt) sent.value = "";
  }, [isTold, mayHaveIt]);
  return (
    <>
      {!isTold && <Failure error={error} title="The password was not set" />}
      {mayHaveIt && (
        <ShownOnce secret={sent} title="This password may be set" what="password">
          <p>Nobody has said whether the guest took it. Try it, or reset the password again.</p>
        </ShownOnce>
      )}
    </>
  );
}

/** Whose password it is, as far as the image tells the system. */
function accountOf(image: ResourceState<Image | undefined>): ComponentChildren {
  const system = image.kind === "ready" ? image.value?.os_type : undefined;
  if (system === "windows") return <strong>Administrator</strong>;
  if (system === "linux") return <strong>root</strong>;
  return (
    <>
      <strong>root</strong> (on Windows: <strong>Administrator</strong>)
    </>
  );
}

function newestReset({ state }: Resource<readonly Activity[]>): Activity | undefined {
  const { value } = state;
  return value.kind === "loading" || value.value === undefined ? undefined : findPasswordReset(value.value);
}
