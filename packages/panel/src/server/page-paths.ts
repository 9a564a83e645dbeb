/** Every path at which the panel has a page. */
const PAGES: readonly RegExp[] = [
  /^\/$/,
  /^\/servers$/,
  /^\/build$/,
  /^\/fleet$/,
  /^\/servers\/[^/]+(?:\/(?:overview|access|networks|rescue|agent|activity))?$/,
];

/** Whether the panel has a page there, also with a slash behind it; whether what it names exists is another question. */
export function isPagePath(pathname: string): boolean {
  const path = pathname.replace(/\/+$/, "") || "/";
  return PAGES.some((page) => page.test(path));
}
