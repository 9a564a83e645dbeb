import type { TabProps } from "../tab-props.ts";

/** To come. */
export function AccessTab({ server }: TabProps) {
  return <p>{server.name}</p>;
}
