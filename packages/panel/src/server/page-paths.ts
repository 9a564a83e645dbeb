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
  const path = withoutSlashes(pathname) || "/";
  return PAGES.some((page) => page.test(path));
}

/** Without those behind it. An expression for them would look at each run of slashes from each of its slashes. */
function withoutSlashes(pathname: string): string {
  let end = pathname.length;
  while (pathname.charAt(end - 1) === "/") end -= 1;
  return pathname.slice(0, end);
}
