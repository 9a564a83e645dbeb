import type { TabProps } from "../tab-props.ts";

/** To come. */
export function NetworksTab({ server }: TabProps) {
  return <p>{server.name}</p>;
}
