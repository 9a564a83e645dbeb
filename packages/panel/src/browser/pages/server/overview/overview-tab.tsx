import type { TabProps } from "../tab-props.ts";

/** To come. */
export function OverviewTab({ server }: TabProps) {
  return <p>{server.name}</p>;
}
