import { useSignalEffect } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { Loading } from "./components/loading.tsx";
import { Frame } from "./frame.tsx";
import { Deferred } from "./pages/deferred.tsx";
import { NotFoundPage } from "./pages/not-found-page.tsx";
import { ServersPage } from "./pages/servers/servers-page.tsx";
import { SignInPage } from "./pages/sign-in-page.tsx";
import { UnreachablePage } from "./pages/unreachable-page.tsx";
import { isAdmin, ownerOf } from "./model/session.ts";
import { pathOf, type Route } from "./router/route.ts";
import { usePanel, useSession } from "./state/panel.ts";

/** The panel: somebody who is not signed in signs in first, at whatever address, and goes on there. */
export function App() {
  const { sessions } = usePanel();
  const state = sessions.state.value;
  if (state.kind === "asking") return <Loading what="panel" />;
  if (state.kind === "none") return <SignInPage reason={state.reason} />;
  if (state.kind === "failed") return <UnreachablePage error={state.error} />;
  // Everything anew where somebody else signs in, or another project is chosen.
  return <SignedIn key={ownerOf(state.session)} />;
}

function SignedIn() {
  const { live, servers, isOfAllProjects } = usePanel();
  useEffect(() => {
    live.start();
    return () => live.close();
  }, []);
  useSignalEffect(() => {
    servers.open({ isOfAllProjects: isOfAllProjects.value });
    return () => servers.close();
  });
  return (
    <Frame>
      <RoutedPage />
    </Frame>
  );
}

function RoutedPage() {
  const { router } = usePanel();
  const session = useSession();
  const route = router.route.value;
  if (route.page === "servers") return <ServersPage />;
  if (route.page === "server")
    return <Deferred key={route.id} what="server" load={loadServer} props={route} />;
  if (route.page === "build") return <Deferred key="build" what="build form" load={loadBuild} props={{}} />;
  if (route.page === "fleet" && isAdmin(session)) {
    return <Deferred key="fleet" what="fleet" load={loadFleet} props={{}} />;
  }
  return <NotFoundPage path={pathOf(route)} />;
}

type ServerRoute = Extract<Route, { readonly page: "server" }>;

// Loaded when somebody goes there: the first page is small.
const loadServer = async (): Promise<ComponentType<ServerRoute>> =>
  (await import("./pages/server/server-page.tsx")).ServerPage;
const loadBuild = async (): Promise<ComponentType> =>
  (await import("./pages/build/build-page.tsx")).BuildPage;
const loadFleet = async (): Promise<ComponentType> =>
  (await import("./pages/fleet/fleet-page.tsx")).FleetPage;
