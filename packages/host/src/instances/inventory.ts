/** A network that instances are attached to. */
export interface Network {
  readonly id: string;
  /** Undefined for one that every project may use. */
  readonly projectId: string | undefined;
  /** Also the label that guests are told. */
  readonly name: string;
  /** Of the host. */
  readonly bridge: string;
  readonly cidr: string;
  readonly cidr6: string | undefined;
  readonly gateway: string | undefined;
  readonly gateway6: string | undefined;
  readonly dns: readonly string[];
  readonly routes: readonly { readonly destination: string; readonly gateway: string }[];
}

/** What an instance is made from. */
export interface Image {
  readonly id: string;
  readonly name: string;
  /** Whether its agent is waited for. */
  readonly hasAgent: boolean;
  /** Whether instances are rescued with it when nobody names another. */
  readonly isRescue: boolean;
  /** What the toolstack knows it by. */
  readonly reference: string;
  readonly osType: "linux" | "windows";
  readonly minDiskGib: number;
  readonly minRamMib: number;
  readonly createdAt: Date;
}

/** How much an instance has of its host. */
export interface Flavor {
  readonly id: string;
  readonly name: string;
  readonly vcpus: number;
  readonly ramMib: number;
  readonly diskGib: number;
}

/** A public key of a user, for instances. */
export interface KeyPair {
  readonly userId: string;
  readonly name: string;
  /** As in `authorized_keys`. */
  readonly publicKey: string;
  /** MD5, with colons (nova, os-keypairs). */
  readonly fingerprint: string;
  readonly createdAt: Date;
}
