import { type Card, listCards } from "../api/cards.ts";
import { credentialOptions } from "../api/credentials.ts";
import { findId } from "../api/find.ts";
import { openApi } from "../api/open-api.ts";
import type { Command } from "../command-line/command.ts";
import { printable } from "../text/escape.ts";
import { renderTable } from "../text/table.ts";
import { serverArgument } from "./server-argument.ts";

/** `guestctl network list SERVER` */
export const networkListCommand: Command = {
  name: "network list",
  summary: "list the network cards of a server",
  description: "Lists the network cards of a server, with their networks and addresses. This asks the API.",
  arguments: [serverArgument],
  options: credentialOptions,
  async run(given, cli) {
    const api = await openApi(given, cli);
    const id = await findId(api, "server", given.word("server"));
    const cards = await listCards(api, id);
    cli.print({ json: { id, cards }, text: renderCards(cards) });
  },
};

function renderCards(cards: readonly Card[]): string {
  const rows = cards.map(({ port, network, mac, addresses }) =>
    [port, network, mac, addresses.join(", ")].map(printable),
  );
  return renderTable(["PORT", "NETWORK", "MAC", "ADDRESSES"], rows);
}
