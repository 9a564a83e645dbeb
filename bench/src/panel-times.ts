import type { Page } from "playwright-core";

/** What `watchPaints` puts into a page. */
interface Paints {
  /** When what the function looks for was painted, in milliseconds since 1970. */
  readonly benchPainted: (isThere: () => boolean) => Promise<number>;
}

/** Each of them leaves fewer servers. */
const KEYS = "777";

/** Has every page tell when something is painted: the frame after the one that found it there has begun. */
export async function watchPaints(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const paints: Paints = {
      benchPainted: (isThere) =>
        new Promise((resolve) => {
          const look = (): void => {
            if (!isThere()) return void requestAnimationFrame(look);
            requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now()));
          };
          look();
        }),
    };
    Object.assign(globalThis, paints);
  });
}

/** From going to the panel, which the browser knows already, to the paint of the whole list. */
export async function timeList(
  page: Page,
  { url, servers }: { readonly url: string; readonly servers: number },
): Promise<number> {
  await page.goto(url, { waitUntil: "commit" });
  return page.evaluate(async (count) => {
    const { benchPainted } = globalThis as unknown as Paints;
    const isThere = (): boolean =>
      document.body?.querySelector('a[href^="/servers/"]') !== null &&
      (document.body?.textContent ?? "").includes(`${count} servers`);
    return (await benchPainted(isThere)) - performance.timeOrigin;
  }, servers);
}

/** From each key that is typed into the search to the paint of what is found. */
export async function timeSearch(page: Page): Promise<readonly number[]> {
  const search = page.getByRole("searchbox");
  await search.fill("");
  await search.focus();
  const times: number[] = [];
  for (const key of KEYS) {
    await page.evaluate(() => {
      const before = document.querySelector("main")?.textContent;
      const isThere = (): boolean => document.querySelector("main")?.textContent !== before;
      const { benchPainted } = globalThis as unknown as Paints;
      const time = new Promise((resolve) => {
        const onKey = ({ timeStamp }: KeyboardEvent): void => {
          const begun = performance.timeOrigin + timeStamp;
          void benchPainted(isThere).then((painted) => resolve(painted - begun));
        };
        document.addEventListener("keydown", onKey, { once: true, capture: true });
      });
      Object.assign(globalThis, { benchTime: time });
    });
    await page.keyboard.press(key);
    times.push(
      await page.evaluate(() => (globalThis as unknown as { benchTime: Promise<number> }).benchTime),
    );
  }
  await search.fill("");
  return times;
}

/** From the request that renames a server to the paint of its new name. */
export async function timeRename(
  page: Page,
  { round, rename }: { readonly round: number; readonly rename: (name: string) => void },
): Promise<number> {
  const name = `renamed-${round}`;
  const search = page.getByRole("searchbox");
  await search.fill(round === 0 ? "server-0001" : "renamed");
  const painted = page.evaluate((wanted) => {
    const { benchPainted } = globalThis as unknown as Paints;
    return benchPainted(() =>
      [...document.querySelectorAll('a[href^="/servers/"]')].some(
        ({ textContent }) => textContent === wanted,
      ),
    );
  }, name);
  const begun = Date.now();
  rename(name);
  return (await painted) - begun;
}
