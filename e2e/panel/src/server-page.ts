import type { Page } from "playwright-core";

/** Opens a tab of the server that the demo begins with, for whoever is signed in. Resolves to its id. */
export async function openServerTab(page: Page, tab: string): Promise<string> {
  const id = await page.evaluate(async () => {
    const answer = await fetch("/guests/v1/servers");
    const { servers } = (await answer.json()) as { readonly servers: readonly { readonly id: string }[] };
    return servers.at(-1)?.id ?? "";
  });
  await page.goto(new URL(`/servers/${id}/${tab}`, page.url()).href);
  await page.getByRole("heading", { level: 2 }).first().waitFor();
  return id;
}

/** Everywhere where a page could keep a text: what it shows and holds, its address, title and storage. */
export async function textsOf(page: Page): Promise<string> {
  const inside = await page.evaluate(() => {
    const values = [...document.querySelectorAll("input, textarea, select")].map(
      (control) => (control as HTMLInputElement).value,
    );
    const kept = [localStorage, sessionStorage].map((storage) => JSON.stringify(Object.entries(storage)));
    const { documentElement: root, cookie, title } = document;
    return [root.outerHTML, ...values, ...kept, cookie, title, JSON.stringify(history.state)].join("\n");
  });
  return `${page.url()}\n${inside}`;
}
