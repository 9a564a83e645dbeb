import type { IpAddress, Prefix } from "./address.ts";

/** A network reached through a gateway, as the host wants it; a default route has prefix length 0. */
export interface LinkRoute {
  readonly destination: Prefix;
  readonly gateway: IpAddress;
}

/** What the host wants of one VIF: one key of `vm-data/networking`, read and checked. */
export interface WantedLink {
  /** The key's name in `vm-data/networking`. */
  readonly key: string;
  /** Lower case with colons. */
  readonly mac: string;
  /** The network's name: one line of printable characters, empty when there is none. */
  readonly label: string;
  /** The enabled addresses in the host's order, none twice. */
  readonly addresses: readonly Prefix[];
  /** Default gateways, at most one a family. */
  readonly gateways: readonly IpAddress[];
  /** In the host's order, one a destination. May hold default routes. */
  readonly routes: readonly LinkRoute[];
  /** Name servers in the host's order, none twice. */
  readonly dns: readonly IpAddress[];
  readonly mtuBytes?: number;
}
