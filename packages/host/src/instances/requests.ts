import type { FileToInject } from "../model/file-injection.ts";
import type { Secret } from "../secret.ts";

/** What an instance is to be made of. */
export interface CreateRequest {
  readonly name: string;
  readonly imageId: string;
  readonly flavorId: string;
  /** In this order. */
  readonly cards: readonly CardRequest[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Wiped when the build ends. */
  readonly adminPass: Secret;
  /** Nova's personality. */
  readonly files: readonly FileToInject[];
  /** Of a key pair of the requester. */
  readonly keyName: string | null;
}

/** How an instance is to be rescued. */
export interface RescueRequest {
  /** Of the rescue system. Wiped when the rescue has begun or failed. */
  readonly adminPass: Secret;
  /** Without it the image that is marked for rescue. */
  readonly imageId?: string | undefined;
}

/** A network card that an instance is to have: a new one, or one that was made by itself. */
export type CardRequest =
  | {
      readonly networkId: string;
      /** Without it a free one. */
      readonly fixedIp?: string | undefined;
      readonly portId?: undefined;
    }
  | { readonly portId: string };

/** How a guest is to be registered with Red Hat, or Windows to be activated. */
export interface ActivationRequest {
  readonly activationKey: string;
  /** The name under which the guest is listed. */
  readonly profile: string;
  /** Host names of the servers. */
  readonly domains: readonly string[];
  /** The organization of the key, which subscription-manager needs. */
  readonly org?: string | undefined;
}
