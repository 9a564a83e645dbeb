import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { Button } from "../../../components/button.tsx";
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
    await changePassword(client, server.id, text);
    made.value = sent.value;
    sent.value = "";
    isTypedSet.value = isTyped;
    password.forget();
  });
  const submit = (): void => {
    password.isTried.value = true;
    if (password.problem() === undefined) void task.run();
  };
  const account = accountOf(useImage(server.image?.id).state.value);
  const error = task.error.value;
  const reset = newestReset(activity);
  const isTold = error instanceof PanelError && error.requestId === reset?.request_id;
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
        <NewPasswordFields password={password} known={[server.name, server.hostname]} />
        <div class="actions">
          <Button
            type="submit"
            kind="primary"
            isBusy={task.isRunning.value}
            whyNot={task.isRunning.value ? null : whyNot(server, "changePassword")}
          >
            Reset password
          </Button>
          {task.isRunning.value && (
            <span role="status">
              {sent.value !== "" && "Stay here: the password is shown when it is set."}
            </span>
          )}
          {!task.isRunning.value && <WhyNot reason={whyNot(server, "changePassword")} />}
        </div>
      </form>
      {error !== undefined && !isTold && <Failure error={error} title="The password was not set" />}
      {error !== undefined && isUnsure(error, reset) && (
        <ShownOnce secret={sent} title="This password may be set" what="password">
          <p>Nobody has said whether the guest took it. Try it, or reset the password again.</p>
        </ShownOnce>
      )}
      <Loaded what="last reset" resource={activity}>
        {(all) => <PasswordProgress server={server} reset={findPasswordReset(all)} />}
      </Loaded>
    </Section>
  );
}

/** What cannot be done now, for those who see it; the button itself tells it to those who do not. */
function WhyNot({ reason }: { readonly reason: string | null }) {
  return reason === null ? null : (
    <span class="faint" aria-hidden="true">
      {reason}
    </span>
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

/** Whether the guest may have it although it was said to have failed. */
function isUnsure(error: Error, reset: Activity | undefined): boolean {
  if (!(error instanceof PanelError) || error.code !== "REFUSED") return true;
  return reset !== undefined && reset.request_id === error.requestId && mayBeSet(reset);
}
