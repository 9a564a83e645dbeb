import type { IpAddress } from "./address.ts";
import type { WantedInterface } from "./wanted-network.ts";

/**
 * The interfaces with their name servers where managers take them that know name servers of a family
 * only beside addresses of it: on the interface itself, else on the first that has such an address.
 * Programs ask all of a guest's name servers anyway, and that is an interface that may reach them. What
 * no interface has an address for stays where it is.
 */
export function placeNameServers(interfaces: readonly WantedInterface[]): readonly WantedInterface[] {
  const placed = interfaces.flatMap((own) =>
    own.dns.map((server) => {
      const target = [own, ...interfaces].find((each) => hasFamilyOf(each, server)) ?? own;
      return { server, name: target.name, isMoved: target !== own };
    }),
  );
  return interfaces.map((each) => {
    const servers = placed.filter(({ name }) => name === each.name);
    const own = servers.filter(({ isMoved }) => !isMoved).map(({ server }) => server);
    const moved = servers.filter(({ isMoved }) => isMoved).map(({ server }) => server);
    return { ...each, dns: unique([...own, ...moved]) };
  });
}

/** Whether an interface has an address of a name server's family. */
export function hasFamilyOf({ addresses }: WantedInterface, server: IpAddress): boolean {
  return addresses.some(({ address }) => address.family === server.family);
}

function unique(servers: readonly IpAddress[]): IpAddress[] {
  const texts = servers.map(({ text }) => text);
  return servers.filter(({ text }, index) => texts.indexOf(text) === index);
}
