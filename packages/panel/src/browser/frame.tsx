import type { ComponentChildren } from "preact";
import { Button } from "./components/button.tsx";
import { Link } from "./components/link.tsx";
import { LiveIndicator } from "./components/live-indicator.tsx";
import { isAdmin, mayChange } from "./model/session.ts";
import { usePanel, useSession } from "./state/panel.ts";
import { useTask } from "./state/use-task.ts";

/** What stands around every page: where one can go, who one is, and whether what is shown is live. */
export function Frame({ children }: { readonly children: ComponentChildren }) {
  const { router } = usePanel();
  const session = useSession();
  const { page } = router.route.value;
  return (
    <>
      <a class="skip-link" href="#content">
        Skip to the content
      </a>
      <header class="top">
        <span class="brand">Cloud Control Panel</span>
        <nav aria-label="Pages">
          <Link to={{ page: "servers" }} isCurrent={page === "servers"}>
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
        <LiveIndicator />
        <Account />
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}

function Account() {
  const { sessions } = usePanel();
  const { user, project, projects, roles } = useSession();
  const signOut = useTask(() => sessions.signOut());
  const choose = useTask((id: string) => sessions.chooseProject(id));
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
        <span class="project">{project?.name ?? "No project"}</span>
      )}
      <span class="user" title={roles.join(", ")}>
        {user.name}
      </span>
      <Button kind="quiet" isBusy={signOut.isRunning.value} onClick={() => void signOut.run()}>
        Sign out
      </Button>
    </div>
  );
}
