import { type Signal, useSignal } from "@preact/signals";
import { Button } from "../../components/button.tsx";
import { Link } from "../../components/link.tsx";
import { Loading } from "../../components/loading.tsx";
import { Failure } from "../../components/notice.tsx";
import { Page } from "../../components/page.tsx";
import type { ServerRow } from "../../model/server.ts";
import { mayChange } from "../../model/session.ts";
import { matches } from "../../state/list-filter.ts";
import { usePanel, useSession } from "../../state/panel.ts";
import { FilterBar } from "./filter-bar.tsx";
import { SelectionBar } from "./selection-bar.tsx";
import { ServerTable } from "./server-table.tsx";

/** All servers of the project. */
export function ServersPage() {
  const { servers } = usePanel();
  const session = useSession();
  const { kind, error, rows } = servers.state.value;
  return (
    <Page
      title="Servers"
      actions={
        mayChange(session) && (
          <Link to={{ page: "build" }} class="button button-primary">
            Build a server
          </Link>
        )
      }
    >
      {kind === "loading" && <Loading what="servers" />}
      {error !== undefined && (
        <Failure error={error} title="The servers could not be loaded">
          <Button onClick={() => servers.reload()}>Try again</Button>
        </Failure>
      )}
      {kind === "ready" && rows.length === 0 && <NoServers />}
      {rows.length > 0 && <ServerListView rows={rows} />}
    </Page>
  );
}

function NoServers() {
  return (
    <div class="empty">
      <p>There are no servers in this project.</p>
    </div>
  );
}

function ServerListView({ rows }: { readonly rows: readonly Signal<ServerRow>[] }) {
  const { filter } = usePanel();
  const session = useSession();
  const selected = useSignal<ReadonlySet<string>>(new Set());
  const wanted = { text: filter.text.value, status: filter.status.value, health: filter.health.value };
  const shown = rows.filter((row) => matches(row.value, wanted));
  // What is not in sight is not acted on.
  const acted = shown.filter((row) => selected.value.has(row.value.id));
  return (
    <>
      <FilterBar rows={rows} shownCount={shown.length} />
      {mayChange(session) && <SelectionBar rows={acted} selected={selected} />}
      {shown.length > 0 ? (
        <ServerTable rows={shown} selected={mayChange(session) ? selected : undefined} />
      ) : (
        <div class="empty">
          <p>No server is like that.</p>
          <Button
            onClick={() => {
              filter.text.value = "";
              filter.status.value = "";
              filter.health.value = "";
            }}
          >
            Show all
          </Button>
        </div>
      )}
    </>
  );
}
