import type { Requester } from "../../ports/requester.ts";
import type { Secret } from "../../secret.ts";
import { beginAction, finishAction, step } from "../action.ts";
import type { InstanceContext } from "../instance-context.ts";
import { encryptedFor } from "./keep-password.ts";
import { actionRules } from "../states.ts";

/** Sets the password, and resolves when the guest has it. The secret is wiped, however it ends. */
export async function changePassword(
  context: InstanceContext,
  requester: Requester,
  { id, password }: { readonly id: string; readonly password: Secret },
): Promise<void> {
  try {
    const running = await beginAction(context, requester, { id, rule: actionRules.changePassword });
    await finishAction(running, async () => {
      const call = { instanceId: id, requester };
      // Before it is wiped. What was kept is of the former password, and goes in any case.
      const changes = await encryptedFor(running, password);
      await step(running, "password", () => context.operations.password(call, password));
      return { changes, result: undefined };
    });
  } finally {
    password.wipe();
  }
}
