import { type IpAddress, parseAddress } from "./address.ts";
import type { KernelNetwork } from "./kernel-network.ts";
import type { WantedInterface } from "./wanted-network.ts";

/** Where an interface sends what it has no other route for. */
export interface Gateway {
  readonly linkName: string;
  readonly address: IpAddress;
}

/** The default gateways that the kernel has on these interfaces. */
export function gatewaysInKernel(
  interfaces: readonly Pick<WantedInterface, "name">[],
  kernel: KernelNetwork,
): readonly Gateway[] {
  const names = new Set(interfaces.map(({ name }) => name));
  const found = kernel.routes.flatMap(({ linkName, destination, gateway }) =>
    destination.prefixLength === 0 && gateway !== undefined && names.has(linkName)
      ? [{ linkName, address: gateway }]
      : [],
  );
  return found.filter((each, index) => found.findIndex((other) => isSameGateway(each, other)) === index);
}

/** The default gateways that the host wants on these interfaces. */
export function wantedGateways(interfaces: readonly WantedInterface[]): readonly Gateway[] {
  return interfaces.flatMap(({ name, routes }) =>
    routes
      .filter(({ destination }) => destination.prefixLength === 0)
      .map(({ gateway }) => ({ linkName: name, address: gateway })),
  );
}

/** Whether two are the same host on the same link. */
export function isSameGateway(one: Gateway, other: Gateway): boolean {
  return one.linkName === other.linkName && one.address.text === other.address.text;
}

/**
 * The hosts of which the kernel knows that they are there, as `ip neigh show` prints them
 * (ip-neighbour(8)): `192.0.2.1 dev eth0 lladdr 00:16:3e:00:00:01 REACHABLE`.
 */
export function parseReachable(text: string): readonly Gateway[] {
  return text.split("\n").flatMap((line) => {
    const [, host = "", linkName] = /^(\S+) dev (\S+) .*\bREACHABLE\b/.exec(line) ?? [];
    const address = parseAddress(host);
    return address === undefined || linkName === undefined ? [] : [{ linkName, address }];
  });
}
