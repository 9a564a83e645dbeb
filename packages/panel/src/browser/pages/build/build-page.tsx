import { Page } from "../../components/page.tsx";

/** Where a server is asked for. */
export function BuildPage() {
  return <Page title="Build a server">{null}</Page>;
}
