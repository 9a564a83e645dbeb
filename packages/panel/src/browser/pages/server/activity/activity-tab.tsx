import type { TabProps } from "../tab-props.ts";

/** To come. */
export function ActivityTab({ server }: TabProps) {
  return <p>{server.name}</p>;
}
