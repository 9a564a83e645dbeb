import { useActivity } from "../../../state/use-activity.ts";
import type { TabProps } from "../tab-props.ts";
import { ActivationSections } from "./activation-sections.tsx";
import { KeyPairs } from "./key-pairs.tsx";
import { ResetPassword } from "./reset-password.tsx";

/** How one gets into the server: its password, keys, and whether its system is registered. */
export function AccessTab({ server }: TabProps) {
  const activity = useActivity(server.id);
  return (
    <>
      <ResetPassword server={server} activity={activity} />
      <KeyPairs server={server} />
      <ActivationSections server={server} activity={activity} />
    </>
  );
}
