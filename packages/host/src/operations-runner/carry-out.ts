import type { PasswordCrypto } from "../crypto/password-crypto.ts";
import { HostError } from "../errors.ts";
import type { GuestCall, HostConnector } from "../host-connector.ts";
import { isRefusedWithoutKey } from "../model/lost-key.ts";
import { replyPath, requestPath } from "../model/guest-paths.ts";
import { readFeatures } from "../operations/features.ts";
import { injectFile } from "../operations/inject-file.ts";
import { setPassword } from "../operations/password.ts";
import { resetNetwork } from "../operations/reset-network.ts";
import { sendRequest } from "../operations/send.ts";
import { readVersion } from "../operations/version.ts";
import type { OperationTask } from "./operation-request.ts";
import { commandOf, mayAskAgain } from "./operation-rule.ts";

/** Asks the guest; the call's record takes the answer. */
export async function carryOut(
  connector: HostConnector,
  {
    task,
    call,
    crypto,
  }: { readonly task: OperationTask; readonly call: GuestCall; readonly crypto: PasswordCrypto },
): Promise<void> {
  switch (task.kind) {
    case "version":
      await readVersion(connector, call);
      return;
    case "features":
      await readFeatures(connector, call);
      return;
    case "doctor":
      await connector.hold(call, (guest) => guest.ask({ name: "doctor", value: "" }));
      return;
    case "password":
      await setPassword(connector, { ...call, password: task.password, crypto });
      return;
    case "injectFile": {
      const { file, allowBinary = false } = task;
      await injectFile(connector, { ...call, file, allowBinary });
      return;
    }
    case "resetNetwork":
      await resetNetwork(connector, call);
      return;
    case "kmsactivate":
      await connector.hold(call, (guest) => guest.ask({ name: "kmsactivate", value: task.value }));
      return;
    case "send":
      await sendRequest(connector, { ...call, request: task.request });
  }
}

/**
 * Awaits the answer to the request that was sent before, and asks nothing. False when there is no trace of
 * it, or the guest has moved, or its agent has lost the key, and the guest may be asked again; what may not be asked again is awaited to
 * the end of its time, and throws OUTCOME_UNKNOWN then.
 */
export async function awaitEarlier(
  connector: HostConnector,
  { task, call, id }: { readonly task: OperationTask; readonly call: GuestCall; readonly id: string },
): Promise<boolean> {
  const request = { name: commandOf(task), value: "" };
  const isRepeatable = mayAskAgain(task);
  return connector.hold(call, async (guest) => {
    if (isRepeatable && !(await isThere(connector, { domid: guest.domid, id }))) return false;
    const options = { isResumed: true, endsAtMove: isRepeatable };
    try {
      // The answer of a `send` may be anything.
      await (task.kind === "send" ? guest.send(request, options) : guest.ask(request, options));
      return true;
    } catch (error) {
      const isGone =
        error instanceof HostError && (error.code === "OUTCOME_UNKNOWN" || error.code === "GUEST_GONE");
      const isOpen = isGone || (error instanceof HostError && isRefusedWithoutKey(error));
      if (isRepeatable && isOpen) return false;
      throw error;
    }
  });
}

async function isThere(
  { xenstore }: HostConnector,
  { domid, id }: { readonly domid: number; readonly id: string },
): Promise<boolean> {
  const paths = [requestPath(domid, id), replyPath(domid, id)];
  const found = await Promise.all(paths.map((path) => xenstore.exists(path)));
  return found.includes(true);
}
