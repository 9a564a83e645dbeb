import type { TabProps } from "../tab-props.ts";

/** To come. */
export function RescueTab({ server }: TabProps) {
  return <p>{server.name}</p>;
}
