import { useMemo } from "preact/hooks";
import { Button } from "../../components/button.tsx";
import { Link } from "../../components/link.tsx";
import { Loading } from "../../components/loading.tsx";
import { Failure } from "../../components/notice.tsx";
import { Page } from "../../components/page.tsx";
import { isAdmin, mayChange } from "../../model/session.ts";
import { usePanel, useSession } from "../../state/panel.ts";
import { type ServerView, viewServers } from "../../state/server-view.ts";
import { useTask } from "../../state/use-task.ts";
import { FilterBar } from "./filter-bar.tsx";
import { Selecting } from "./selecting.tsx";
import { SelectionBar } from "./selection-bar.tsx";
import { ServerTable } from "./server-table.tsx";

/** All servers of the project, or of all projects for administrators. */
export function ServersPage() {
  const { servers } = usePanel();
  const session = useSession();
  const { kind, error, rows } = servers.state.value;
  const again = useTask(() => servers.reload());
  return (
    <Page
      title="Servers"
      actions={
        <div class="actions">
          {isAdmin(session) && <AllProjects />}
          {mayChange(session) && (
            <Link to={{ page: "build" }} class="button button-primary">
              Build a server
            </Link>
          )}
        </div>
      }
    >
      {kind === "loading" && <Loading what="servers" />}
      {error !== undefined && (
        <Failure error={error} title="The servers could not be loaded">
          <Button isBusy={again.isRunning.value} onClick={() => void again.run()}>
            Try again
          </Button>
        </Failure>
      )}
      {kind === "ready" && rows.length === 0 && <NoServers />}
      {rows.length > 0 && <ServerListView />}
    </Page>
  );
}

function AllProjects() {
  const { isOfAllProjects } = usePanel();
  return (
    <label class="choice">
      <input
        type="checkbox"
        checked={isOfAllProjects.value}
        onChange={(event) => {
          isOfAllProjects.value = event.currentTarget.checked;
        }}
      />
      All projects
    </label>
  );
}

function NoServers() {
  const { isOfAllProjects } = usePanel();
  const session = useSession();
  return (
    <div class="empty">
      <p>{isOfAllProjects.value ? "There are no servers." : "There are no servers in this project."}</p>
      <p class="faint">
        {mayChange(session)
          ? "Build one: it is listed here while it is built."
          : "They are listed here as soon as somebody builds one."}
      </p>
    </div>
  );
}

function ServerListView() {
  const { servers, filter } = usePanel();
  const session = useSession();
  const view = useMemo(() => viewServers(servers.state, filter), []);
  const selecting = useMemo(() => new Selecting(view), [view]);
  const isChanging = mayChange(session);
  return (
    <>
      <FilterBar view={view} />
      {isChanging && <SelectionBar view={view} selecting={selecting} />}
      <NothingFound view={view} />
      <ServerTable view={view} selecting={isChanging ? selecting : undefined} />
    </>
  );
}

function NothingFound({ view }: { readonly view: ServerView }) {
  const { filter } = usePanel();
  if (view.shownIds.value.length > 0) return null;
  return (
    <div class="empty">
      <p>No server is like that.</p>
      <Button onClick={() => filter.clear()}>Show all</Button>
    </div>
  );
}
