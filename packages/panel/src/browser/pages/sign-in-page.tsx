import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Button } from "../components/button.tsx";
import { TextField } from "../components/field.tsx";
import { Failure, Notice } from "../components/notice.tsx";
import { PasswordField } from "../components/password-field.tsx";
import { PanelError } from "../errors.ts";
import { usePanel } from "../state/panel.ts";
import { useSecret } from "../state/use-secret.ts";
import { useTask } from "../state/use-task.ts";

/** Where a session begins; `reason` says why there is none any more. */
export function SignInPage({ reason }: { readonly reason: string | undefined }) {
  const { sessions, router } = usePanel();
  const name = useSignal("");
  const password = useSecret();
  const task = useTask(async () => {
    router.noteMove();
    try {
      await sessions.signIn(name.value, password.value);
    } finally {
      password.value = "";
    }
  });
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = "Sign in · Cloud Control Panel";
    heading.current?.focus();
  }, []);
  return (
    <main class="alone">
      <h1 ref={heading} tabIndex={-1}>
        Cloud Control Panel
      </h1>
      {reason !== undefined && <Notice tone="info">{reason}</Notice>}
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          void task.run();
        }}
      >
        <TextField
          label="User"
          value={name.value}
          autoComplete="username"
          isRequired
          onInput={(value) => {
            name.value = value;
          }}
        />
        <PasswordField
          label="Password"
          value={password.value}
          autoComplete="current-password"
          isRequired
          onInput={(value) => {
            password.value = value;
          }}
        />
        {task.error.value !== undefined && <SignInFailure error={task.error.value} />}
        <Button type="submit" kind="primary" isBusy={task.isRunning.value}>
          Sign in
        </Button>
      </form>
    </main>
  );
}

function SignInFailure({ error }: { readonly error: Error }) {
  const isRefused = error instanceof PanelError && error.status === 401;
  if (!isRefused) return <Failure error={error} title="You are not signed in" />;
  return (
    <Notice tone="bad" title="You are not signed in">
      <p>User or password is wrong, or the user has no role in a project.</p>
    </Notice>
  );
}
