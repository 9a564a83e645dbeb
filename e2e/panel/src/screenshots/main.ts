// Takes pictures of every page, in both themes, of a demo with a few servers: npm run screenshots [-- PART-OF-NAME]
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Closers } from "@nova-agent/control";
import { openChromium, repositoryRoot } from "@nova-agent/testbed";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { openApi } from "../api-caller.ts";
import { demoPanel, type ServedPanel } from "../panel-suite.ts";
import { signIn } from "../sign-in.ts";
import { waitUntilLoaded } from "../wait-until-loaded.ts";
import { compressPng } from "./compress-png.ts";
import { prepareServers } from "./prepare-servers.ts";
import { NARROW_WINDOW, type PageRow, pageRows, themes, WIDE_WINDOW } from "./table.ts";

const FOLDER = join(repositoryRoot(), "docs/screenshots");

interface Shot extends PageRow {
  readonly file: string;
  readonly window: BrowserContextOptions;
}

/** The pictures of a page. */
function shotsOf(row: PageRow): readonly Shot[] {
  return themes.flatMap((theme) => {
    const common = { colorScheme: theme, reducedMotion: "reduce" } as const;
    const wide = { ...row, file: `${row.name}-${theme}.png`, window: { ...common, viewport: WIDE_WINDOW } };
    const narrow = { ...common, viewport: NARROW_WINDOW };
    return row.isNarrowToo === true
      ? [wide, { ...row, file: `${row.name}-narrow-${theme}.png`, window: narrow }]
      : [wide];
  });
}

async function main(part: string): Promise<void> {
  const shots = pageRows.flatMap(shotsOf).filter(({ file }) => file.includes(part));
  const closers = new Closers();
  try {
    const browser = await openChromium();
    closers.add(() => browser.close());
    const panel = await demoPanel("auto")({ after: (close) => closers.add(close) });
    const call = await openApi({ url: panel.url, name: "demo", password: await panel.passwordOf("demo") });
    const serverId = await prepareServers(call);
    await mkdir(FOLDER, { recursive: true });
    for (const shot of shots) await take(shot, { browser, panel, serverId });
  } finally {
    await closers.close();
  }
}

async function take(
  { file, window, user, path, act }: Shot,
  {
    browser,
    panel,
    serverId,
  }: { readonly browser: Browser; readonly panel: ServedPanel; readonly serverId: string },
): Promise<void> {
  const context = await browser.newContext(window);
  try {
    const page = await context.newPage();
    if (user !== undefined)
      await signIn(page, { url: panel.url, name: user, password: await panel.passwordOf(user) });
    await page.goto(panel.url + path(serverId));
    await waitUntilLoaded(page);
    await act?.(page);
    const picture = compressPng(await page.screenshot());
    await writeFile(join(FOLDER, file), picture);
    console.log(`${file}  ${picture.length} bytes`);
  } finally {
    await context.close();
  }
}

const [part = ""] = process.argv.slice(2);
await main(part);
