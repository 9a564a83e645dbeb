import type { GuestCall, HostConnector } from "../host-connector.ts";
import {
  assertInjectable,
  type FileToInject,
  type InjectionCommand,
  injectionRequest,
} from "../model/file-injection.ts";
import { askFeatures } from "./features.ts";

export interface InjectFileCall extends GuestCall {
  /** Some 2,900 bytes fit under xenstored, some 1,400 under oxenstored. */
  readonly file: FileToInject;
  /** Sends what is not text to an agent that offers `injectfile` only, although that may end it. */
  readonly allowBinary?: boolean;
}

export interface InjectFileResult {
  readonly domid: number;
  readonly path: string;
  readonly bytes: number;
  /** The command that carried it. */
  readonly command: InjectionCommand;
}

/**
 * Writes a file in the guest, by the best command its agent offers. Throws GUEST_UNSUPPORTED when it
 * offers none and TOO_LARGE when the file does not fit into one value of XenStore.
 */
export async function injectFile(connector: HostConnector, call: InjectFileCall): Promise<InjectFileResult> {
  const { file } = call;
  assertInjectable(file);
  return connector.hold(call, async (guest) => {
    const features = await askFeatures(guest);
    const allowBinary = call.allowBinary === true;
    const request = injectionRequest(file, { domid: guest.domid, features, allowBinary });
    await guest.ask(request);
    return { domid: guest.domid, path: file.path, bytes: file.content.length, command: request.name };
  });
}
