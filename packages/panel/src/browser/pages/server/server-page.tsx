import { useLayoutEffect, useRef } from "preact/hooks";
import { Link } from "../../components/link.tsx";
import { Loaded } from "../../components/loading.tsx";
import { Page } from "../../components/page.tsx";
import { PanelError } from "../../errors.ts";
import type { Server } from "../../model/server.ts";
import { type Route, serverTabs, type ServerTab } from "../../router/route.ts";
import { useServer } from "../../state/use-server.ts";
import { AccessTab } from "./access/access-tab.tsx";
import { ActivityTab } from "./activity/activity-tab.tsx";
import { AgentTab } from "./agent/agent-tab.tsx";
import { NetworksTab } from "./networks/networks-tab.tsx";
import { OverviewTab } from "./overview/overview-tab.tsx";
import { RescueTab } from "./rescue/rescue-tab.tsx";
import { ServerHeader } from "./server-header.tsx";

const tabs = {
  overview: { title: "Overview", Tab: OverviewTab },
  access: { title: "Access", Tab: AccessTab },
  networks: { title: "Networks", Tab: NetworksTab },
  rescue: { title: "Rescue", Tab: RescueTab },
  agent: { title: "Agent", Tab: AgentTab },
  activity: { title: "Activity", Tab: ActivityTab },
} as const satisfies Readonly<Record<ServerTab, object>>;

/** One server: what it is, and what can be done with it. */
export function ServerPage({ id, tab }: Extract<Route, { readonly page: "server" }>) {
  const resource = useServer(id);
  const state = resource.state.value;
  if (state.kind === "failed" && isGone(state.error)) return <GonePage id={id} />;
  const loaded = (
    <Loaded what="server" resource={resource}>
      {(server) => <LoadedServer server={server} tab={tab} />}
    </Loaded>
  );
  // Also what went wrong stands below a heading.
  const isUnread = state.kind === "failed" && state.value === undefined;
  return isUnread ? <Page title="Server">{loaded}</Page> : loaded;
}

function LoadedServer({ server, tab }: { readonly server: Server; readonly tab: ServerTab }) {
  const { title, Tab } = tabs[tab];
  const nav = useRef<HTMLElement>(null);
  const former = useRef(tab);
  useLayoutEffect(() => {
    const hasChanged = former.current !== tab;
    former.current = tab;
    // A link in the tab that was left has gone, and the focus with it.
    if (!hasChanged || document.activeElement !== document.body) return;
    nav.current?.querySelector<HTMLElement>("[aria-current]")?.focus();
  }, [tab]);
  return (
    <Page title={server.name} documentTitle={`${server.name}: ${title}`}>
      <ServerHeader server={server} tab={tab} />
      <nav class="tabs" ref={nav} aria-label={`Parts of ${server.name}`}>
        {serverTabs.map((name) => (
          <Link key={name} to={{ page: "server", id: server.id, tab: name }} isCurrent={name === tab}>
            {tabs[name].title}
          </Link>
        ))}
      </nav>
      <Tab server={server} />
    </Page>
  );
}

function GonePage({ id }: { readonly id: string }) {
  return (
    <Page title="There is no such server">
      <p>
        No server of this project has the id <code>{id}</code>. It may have been deleted.
      </p>
      <p>
        <Link to={{ page: "servers" }}>Go to the servers</Link>
      </p>
    </Page>
  );
}

function isGone(error: Error): boolean {
  return error instanceof PanelError && error.status === 404;
}
