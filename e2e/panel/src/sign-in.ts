import type { Page } from "playwright-core";

/** Somebody who signs in. */
export interface PanelUser {
  readonly name: string;
  readonly password: string;
}

/** Fills in the form at the panel's address, sends it, and waits until the panel is there. */
export async function signIn(
  page: Page,
  { url, name, password }: PanelUser & { readonly url: string },
): Promise<void> {
  await page.goto(url);
  await fillIn(page, { name, password });
  await page.getByRole("navigation", { name: "Pages" }).waitFor();
}

/** Fills in the form of the page that is open, and sends it. */
export async function fillIn(page: Page, { name, password }: PanelUser): Promise<void> {
  await page.getByLabel("User", { exact: true }).fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}
