import { useSignal } from "@preact/signals";
import { Ago } from "../../../components/ago.tsx";
import { Button } from "../../../components/button.tsx";
import { CurrentStep } from "../../../components/current-step.tsx";
import { TextField } from "../../../components/field.tsx";
import { Failure, Notice } from "../../../components/notice.tsx";
import { PasswordField } from "../../../components/password-field.tsx";
import { Steps } from "../../../components/steps.tsx";
import { type ActivationAction, activateServer } from "../../../http/server-calls.ts";
import { actionSteps } from "../../../model/action-steps.ts";
import { activationProblems, activationRequest } from "../../../model/activation.ts";
import type { Activity } from "../../../model/activity.ts";
import type { Server } from "../../../model/server.ts";
import { usePanel } from "../../../state/panel.ts";
import type { Resource } from "../../../state/use-resource.ts";
import { useSecret } from "../../../state/use-secret.ts";
import { useTask } from "../../../state/use-task.ts";

export interface ActivationFormProps {
  readonly server: Server;
  readonly action: ActivationAction;
  readonly activity: Resource<readonly Activity[]>;
}

/** Asks for what the guest needs, has it done, and tells how far it is. */
export function ActivationForm({ server, action, activity }: ActivationFormProps) {
  const { client } = usePanel();
  const key = useSecret();
  const profile = useSignal(server.name);
  const org = useSignal("");
  const servers = useSignal("");
  const isTried = useSignal(false);
  const isDone = useSignal(false);
  const draft = {
    activationKey: key.value,
    profile: profile.value,
    org: org.value,
    servers: servers.value,
  };
  const problems = activationProblems(draft);
  const shown = isTried.value ? problems : {};
  const isRedHat = action === "registerRedHat";
  const task = useTask(async () => {
    isDone.value = false;
    await activateServer(client, server.id, { action, request: activationRequest(draft) });
    key.value = "";
    isTried.value = false;
    isDone.value = true;
  });
  const submit = (): void => {
    isTried.value = true;
    if (Object.keys(problems).length === 0) void task.run();
  };
  return (
    <>
      <form
        class="narrow-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <PasswordField
          label="Activation key"
          value={key.value}
          autoComplete="new-password"
          error={shown.activationKey}
          onInput={(value) => {
            key.value = value;
          }}
        />
        <TextField
          label="Profile"
          hint="The name under which the server is listed; its host name when empty."
          value={profile.value}
          error={shown.profile}
          onInput={(value) => {
            profile.value = value;
          }}
        />
        {isRedHat && (
          <TextField
            label="Organization"
            hint="That the key belongs to; needed unless the guest's own settings name it."
            value={org.value}
            error={shown.org}
            onInput={(value) => {
              org.value = value;
            }}
          />
        )}
        <TextField
          label="Servers"
          hint="Host names, with commas between; those that the guest has set when empty."
          value={servers.value}
          error={shown.servers}
          onInput={(value) => {
            servers.value = value;
          }}
        />
        <div class="actions">
          <Button type="submit" kind="primary" isBusy={task.isRunning.value}>
            {isRedHat ? "Register" : "Activate"}
          </Button>
        </div>
      </form>
      {isDone.value && (
        <Notice tone="good">{isRedHat ? "The server is registered." : "Windows is activated."}</Notice>
      )}
      {task.error.value !== undefined && (
        <Failure
          error={task.error.value}
          title={isRedHat ? "The server was not registered" : "Windows was not activated"}
        />
      )}
      <ActivationProgress action={action} activity={activity} />
    </>
  );
}

const planned = [
  { event: "features", kind: "features" },
  { event: "kmsactivate", kind: "kmsactivate" },
] as const;

function ActivationProgress({ action, activity }: Pick<ActivationFormProps, "action" | "activity">) {
  const { now } = usePanel();
  const state = activity.state.value;
  const all = state.kind === "loading" ? undefined : state.value;
  const newest = all?.find((each) => each.action === action);
  if (newest === undefined) return null;
  const steps = actionSteps(newest, {
    planned,
    now: newest.finished_at === null ? now.value : now.peek(),
  });
  return (
    <div class="progress">
      <CurrentStep steps={steps} />
      <p class="faint">
        By {newest.user.name}, <Ago at={newest.started_at} />
      </p>
      <Steps label="Steps of it" steps={steps.map(({ words, ...step }) => ({ ...step, details: words }))} />
    </div>
  );
}
