import type { Secret } from "../../secret.ts";
import type { RunningAction } from "../action.ts";
import type { Instance } from "../instance.ts";

/**
 * A password that is about to be set, as it is kept when the guest has it: encrypted for the instance's
 * key, or null where there is none that can (nova, virt/xenapi/agent.py, set_admin_password).
 */
export async function encryptedFor(
  { context, instance }: Pick<RunningAction, "context" | "instance">,
  password: Secret,
): Promise<Pick<Instance, "encryptedPassword">> {
  const { passwordEncryption, database } = context;
  const { userId, keyName } = instance;
  if (passwordEncryption === undefined || keyName === null) return { encryptedPassword: null };
  const keyPair = await database.inventory.findKeyPair(userId, keyName);
  if (keyPair === undefined) return { encryptedPassword: null };
  const encryptedPassword = passwordEncryption.encrypt(password.reveal(), keyPair.publicKey) ?? null;
  return { encryptedPassword };
}
