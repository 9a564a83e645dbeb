import { effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { ApiClient } from "../http/api-client.ts";
import { Live } from "../http/live.ts";
import type { BuildDraft } from "../model/build-draft.ts";
import { isAdmin, ownerOf, type Session } from "../model/session.ts";
import { Router } from "../router/router.ts";
import { SessionStore } from "./session-store.ts";
import { ListFilter } from "./list-filter.ts";
import { ServerList } from "./server-list.ts";

/** What every part of the panel stands on; made once, in `main.tsx`. */
export interface Panel {
  readonly client: ApiClient;
  readonly sessions: SessionStore;
  readonly live: Live;
  readonly router: Router;
  readonly servers: ServerList;
  readonly filter: ListFilter;
  /** Whether the servers of all projects are listed, for administrators. */
  readonly isOfAllProjects: Signal<boolean>;
  /** What the build form begins with, such as after a build that failed; never a password. */
  readonly buildDraft: Signal<BuildDraft | undefined>;
  /** The time, each second anew. */
  readonly now: ReadonlySignal<Date>;
}

const CLOCK_EVERY_MS = 1_000;

/** The panel of a window. */
export function createPanel(window: Window & typeof globalThis): Panel {
  const client = new ApiClient({
    fetch: (...request) => window.fetch(...request),
    onSignedOut: () => sessions.expire(),
  });
  const sessions = new SessionStore(client);
  const live = new Live({
    url: () => eventsOf(sessions),
    open: (url) => new window.EventSource(url),
    onRefused: () => void sessions.check(),
  });
  const servers = new ServerList({ client, live });
  const router = new Router(window);
  const filter = new ListFilter();
  const isOfAllProjects = signal(false);
  const buildDraft = signal<BuildDraft | undefined>(undefined);
  listenToWindow(window, { sessions, live });
  effect(() => {
    const { value } = sessions.state;
    if (value.kind !== "open") return;
    filter.own(ownerOf(value.session));
    if (!isAdmin(value.session)) isOfAllProjects.value = false;
  });
  const now = startClock(window);
  return { client, sessions, live, router, servers, filter, isOfAllProjects, buildDraft, now };
}

/** Administrators look at guests of all projects, and see what changes of them. */
function eventsOf({ state }: SessionStore): string {
  const { value } = state;
  const isOfAll = value.kind === "open" && isAdmin(value.session);
  return `/guests/v1/events${isOfAll ? "?all_projects=true" : ""}`;
}

/** What the browser knows better than the panel: that one comes back to it, and whether there is a network. */
function listenToWindow(window: Window, { sessions, live }: Pick<Panel, "sessions" | "live">): void {
  const check = (): void => {
    const isVisible = window.document.visibilityState === "visible";
    live.setVisible(isVisible);
    if (isVisible) void sessions.check();
  };
  window.addEventListener("focus", check);
  window.document.addEventListener("visibilitychange", check);
  // A stream over a network that is gone stays silent for long; a new one fails, or finds its way, at once.
  for (const event of ["offline", "online"]) window.addEventListener(event, () => live.reconnect());
}

export const PanelContext = createContext<Panel | undefined>(undefined);

/** The panel that a component is part of. */
export function usePanel(): Panel {
  const panel = useContext(PanelContext);
  if (panel === undefined) throw new Error("This component stands outside of a panel");
  return panel;
}

/** Who is signed in; for what is shown to somebody signed in alone. */
export function useSession(): Session {
  const state = usePanel().sessions.state.value;
  if (state.kind !== "open") throw new Error("This component needs a session");
  return state.session;
}

function startClock(window: Window): ReadonlySignal<Date> {
  const now = signal(new Date());
  window.setInterval(() => {
    now.value = new Date();
  }, CLOCK_EVERY_MS);
  return now;
}
