import type { Page } from "playwright-core";

/** A page to be taken. */
export interface PageRow {
  /** Of the picture's file. */
  readonly name: string;
  /** Who looks at it; nobody has signed in without. */
  readonly user?: "demo" | "demo-admin";
  readonly path: (serverId: string) => string;
  /** What is done on it before it is taken. */
  readonly act?: (page: Page) => Promise<void>;
  /** Whether it is taken in a narrow window, too. */
  readonly isNarrowToo?: boolean;
}

const tab = (name: string, rest: Partial<PageRow> = {}): PageRow => ({
  name: `server-${name}`,
  user: "demo",
  path: (serverId) => `/servers/${serverId}${name === "overview" ? "" : `/${name}`}`,
  ...rest,
});

/** Every page. A new one is a row here. */
export const pageRows: readonly PageRow[] = [
  { name: "sign-in", path: () => "/", isNarrowToo: true },
  { name: "servers", user: "demo", path: () => "/", isNarrowToo: true },
  tab("overview", { isNarrowToo: true }),
  tab("access", { isNarrowToo: true }),
  tab("networks", { isNarrowToo: true }),
  tab("rescue"),
  tab("agent"),
  tab("activity", { act: (page) => page.locator("summary").first().click() }),
  { name: "build", user: "demo", path: () => "/build", isNarrowToo: true },
  { name: "fleet", user: "demo-admin", path: () => "/fleet", isNarrowToo: true },
  { name: "not-found", user: "demo", path: () => "/nowhere" },
];

export const themes = ["light", "dark"] as const;

/** The windows in which pages are taken, in pixels of CSS. */
export const WIDE_WINDOW = { width: 1280, height: 860 };
export const NARROW_WINDOW = { width: 360, height: 740 };
