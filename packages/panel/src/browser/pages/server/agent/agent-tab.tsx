import type { TabProps } from "../tab-props.ts";

/** To come. */
export function AgentTab({ server }: TabProps) {
  return <p>{server.name}</p>;
}
