import { CliError } from "../errors.ts";
import type { ApiClient } from "./api-client.ts";
import { type Fields, listOf, textOf } from "./fields.ts";

/** A network card of a server. */
export interface Card {
  /** The id of its port. */
  readonly port: string;
  readonly networkId: string;
  /** The network's name; its id where the project cannot see it. */
  readonly network: string;
  readonly mac: string;
  readonly addresses: readonly string[];
}

/** The network cards of a server. */
export async function listCards(api: ApiClient, serverId: string): Promise<readonly Card[]> {
  const path = `/servers/${encodeURIComponent(serverId)}/os-interface`;
  const { body } = await api.ask("compute", { path });
  const networks = await api.ask("network", { path: "/v2.0/networks" });
  const names = new Map(
    listOf(networks.body, "networks").map((each) => [textOf(each, "id"), textOf(each, "name")]),
  );
  return listOf(body, "interfaceAttachments").map((each) => {
    const networkId = textOf(each, "net_id");
    const network = names.get(networkId) ?? networkId;
    const [port, mac, addresses] = [textOf(each, "port_id"), textOf(each, "mac_addr"), addressesOf(each)];
    return { port, networkId, network, mac, addresses };
  });
}

/** The addresses of a card as the Compute API shows it. */
export function addressesOf(card: Fields): readonly string[] {
  return listOf(card, "fixed_ips").map((each) => textOf(each, "ip_address"));
}

/**
 * The card that somebody means by its port, its network, its MAC address or one of its addresses. Throws
 * API_NOT_FOUND, and BAD_ARGUMENT where several are meant; both name the cards that there are.
 */
export function findCard(
  cards: readonly Card[],
  { server, meant }: { readonly server: string; readonly meant: string },
): Card {
  const word = meant.toLowerCase();
  const found = cards.filter(
    ({ port, networkId, network, mac, addresses }) =>
      [port, networkId, mac, ...addresses].some((each) => each.toLowerCase() === word) || network === meant,
  );
  const [card, ...more] = found;
  if (card === undefined) {
    const has = cards.length === 0 ? "none" : cards.map(describe).join(", ");
    const text = `Server "${server}" has no network card "${meant}", but ${has}`;
    throw new CliError("API_NOT_FOUND", `${text}. "guestctl network list SERVER" shows them`);
  }
  if (more.length === 0) return card;
  const text = `Several network cards of server "${server}" are meant by "${meant}"`;
  throw new CliError("BAD_ARGUMENT", `${text}, give a port: ${found.map(describe).join(", ")}`);
}

function describe({ port, network, mac, addresses }: Card): string {
  return `${port} (${[network, mac, ...addresses].join(" ")})`;
}
