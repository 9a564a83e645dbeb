import { Page } from "../../components/page.tsx";

/** How all hosts and guests are. */
export function FleetPage() {
  return <Page title="Fleet">{null}</Page>;
}
