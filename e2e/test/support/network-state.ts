/** What `ip -j address` tells of one interface, as far as a configuration decides it. */
export interface InterfaceState {
  readonly name: string;
  readonly isUp: boolean;
  /** `10.0.0.1/24` each, with what comes with it; sorted. */
  readonly addresses: readonly string[];
}

interface IpAddress {
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly addr_info: readonly {
    readonly local: string;
    readonly prefixlen: number;
    readonly scope: string;
    readonly broadcast?: string;
    readonly label?: string;
  }[];
}

/** The interfaces named, from the JSON of `ip -j address`. Link-local addresses are the kernel's and left out. */
export function parseAddresses(json: string, names: readonly string[]): InterfaceState[] {
  const links = JSON.parse(json) as IpAddress[];
  return names.map((name) => {
    const link = links.find(({ ifname }) => ifname === name);
    const infos = (link?.addr_info ?? []).filter(({ scope }) => scope !== "link");
    const addresses = infos.map((info) =>
      [`${info.local}/${info.prefixlen}`, info.broadcast, info.label]
        .filter((word) => word !== undefined)
        .join(" "),
    );
    return { name, isUp: link?.flags.includes("UP") ?? false, addresses: addresses.toSorted() };
  });
}

interface IpRoute {
  readonly dst: string;
  readonly dev: string;
  readonly gateway?: string;
  readonly flags?: readonly string[];
  readonly protocol?: string;
}

/** Routes that a configuration made, from the JSON of `ip -j route`, as `dst via gateway dev name [flags]`; sorted. */
export function parseRoutes(json: string): string[] {
  const routes = JSON.parse(json) as IpRoute[];
  const own = routes.filter(({ protocol }) => protocol !== "kernel");
  const lines = own.map(({ dst, gateway, dev, flags }) =>
    [
      dst,
      ...(gateway === undefined ? [] : ["via", gateway]),
      "dev",
      dev,
      ...(flags ?? []).filter((flag) => flag !== "linkdown"),
    ].join(" "),
  );
  return lines.toSorted();
}
