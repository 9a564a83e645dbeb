interface FaultBody {
  readonly code: number;
  readonly message: string;
}

interface ServerBody {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly adminPass: string;
  readonly flavor: unknown;
  readonly fault: unknown;
  readonly "OS-EXT-SRV-ATTR:instance_name": string;
}

interface KeyPairBody {
  readonly fingerprint: string;
  readonly type: string;
  readonly public_key: string;
  readonly private_key: string;
}

/**
 * What the answers of the Compute API hold, as far as tests look into it. An answer has some of it, so that
 * what a test reads it also asserts something of.
 */
export interface AnswerBody {
  readonly server: ServerBody;
  readonly servers: readonly ServerBody[];
  readonly servers_links: readonly { readonly href: string }[];
  readonly reservation_id: string;
  readonly adminPass: string;
  readonly addresses: Readonly<Record<string, readonly { readonly version: number }[]>>;
  readonly interfaceAttachment: {
    readonly net_id: string;
    readonly port_id: string;
    readonly mac_addr: string;
  };
  readonly virtual_interfaces: readonly { readonly id: string; readonly mac_address: string }[];
  readonly networks: unknown;
  readonly instanceAction: unknown;
  readonly flavor: unknown;
  readonly flavors: readonly object[];
  readonly keypair: KeyPairBody;
  readonly keypairs: unknown;
  readonly limits: { readonly absolute: Readonly<Record<string, number>> };
  readonly availabilityZoneInfo: readonly { readonly zoneName: string }[];
  readonly badRequest: FaultBody;
  readonly itemNotFound: FaultBody;
  readonly conflictingRequest: FaultBody;
}
