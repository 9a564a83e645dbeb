import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { Button } from "./components/button.tsx";
import { Link } from "./components/link.tsx";
import { LiveIndicator } from "./components/live-indicator.tsx";
import { Failure, Notice } from "./components/notice.tsx";
import { isAdmin, mayChange } from "./model/session.ts";
import { usePanel, useSession } from "./state/panel.ts";
import { type Task, useTask } from "./state/use-task.ts";

/** What stands around every page: where one can go, who one is, and whether what is shown is live. */
export function Frame({ children }: { readonly children: ComponentChildren }) {
  const { sessions, router } = usePanel();
  const content = useRef<HTMLElement>(null);
  const signOut = useTask(async () => {
    await sessions.signOut();
    // Whoever comes next has not been here.
    router.go({ page: "servers" });
  });
  const choose = useTask((id: string) => sessions.chooseProject(id));
  return (
    <>
      <a
        class="skip-link"
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          content.current?.focus();
        }}
      >
        Skip to the content
      </a>
      <header class="top">
        <span class="brand">Cloud Control Panel</span>
        <Pages />
        <LiveIndicator />
        <Account signOut={signOut} choose={choose} />
      </header>
      <main id="content" tabIndex={-1} ref={content}>
        {signOut.error.value !== undefined && (
          <Failure error={signOut.error.value} title="You are still signed in" />
        )}
        {choose.error.value !== undefined && (
          <Failure error={choose.error.value} title="The project was not changed" />
        )}
        <Lost />
        <Changed />
        {children}
      </main>
    </>
  );
}

function Pages() {
  const { router } = usePanel();
  const session = useSession();
  const { page } = router.route.value;
  return (
    <nav aria-label="Pages">
      <Link to={{ page: "servers" }} isCurrent={page === "servers"} isWithin={page === "server"}>
        Servers
      </Link>
      {mayChange(session) && (
        <Link to={{ page: "build" }} isCurrent={page === "build"}>
          Build
        </Link>
      )}
      {isAdmin(session) && (
        <Link to={{ page: "fleet" }} isCurrent={page === "fleet"}>
          Fleet
        </Link>
      )}
    </nav>
  );
}

interface AccountProps {
  readonly signOut: Task<readonly []>;
  readonly choose: Task<readonly [id: string]>;
}

function Account({ signOut, choose }: AccountProps) {
  const { user, project, projects, roles } = useSession();
  return (
    <div class="account">
      {projects.length > 1 ? (
        <select
          aria-label="Project"
          value={project?.id ?? ""}
          onChange={(event) => void choose.run(event.currentTarget.value)}
        >
          {project === null && <option value="">No project</option>}
          {projects.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      ) : (
        <span class="project">{project === null ? "No project" : `Project ${project.name}`}</span>
      )}
      <span class="user" title={roles.join(", ")}>
        <span class="project">User </span>
        {user.name}
      </span>
      <Button kind="quiet" isBusy={signOut.isRunning.value} onClick={() => void signOut.run()}>
        Sign out
      </Button>
    </div>
  );
}

/** Says that what is shown may be old, once a break has lasted. */
function Lost() {
  const { live } = usePanel();
  if (live.state.value !== "lost") return null;
  return (
    <Notice tone="warn" title="The connection to the service is lost">
      <p>
        What is shown may be out of date. The panel keeps trying, and reads everything anew once it is
        connected.
      </p>
      <Button onClick={() => live.reconnect()}>Try now</Button>
    </Notice>
  );
}

/** Says what another tab has done to this one. */
function Changed() {
  const { sessions } = usePanel();
  const change = sessions.change.value;
  if (change === undefined) return null;
  return (
    <Notice tone="info">
      <p>{change}</p>
      <Button onClick={() => sessions.forgetChange()}>I have read it</Button>
    </Notice>
  );
}
