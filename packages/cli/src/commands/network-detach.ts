import { findCard, listCards } from "../api/cards.ts";
import { credentialOptions } from "../api/credentials.ts";
import { findId } from "../api/find.ts";
import { openApi } from "../api/open-api.ts";
import type { Command } from "../command-line/command.ts";
import { printable } from "../text/escape.ts";
import { serverArgument } from "./server-argument.ts";

/** `guestctl network detach SERVER CARD` */
export const networkDetachCommand: Command = {
  name: "network detach",
  summary: "take a network card away from a server",
  description:
    "Takes a network card away from a server, and waits until its guest does without it. This asks the API.",
  arguments: [
    serverArgument,
    { name: "card", description: "network, port, MAC address or address of the network card" },
  ],
  options: credentialOptions,
  async run(given, cli) {
    const api = await openApi(given, cli);
    const id = await findId(api, "server", given.word("server"));
    const cards = await listCards(api, id);
    const { port } = findCard(cards, { server: given.word("server"), meant: given.word("card") });
    const path = `/servers/${encodeURIComponent(id)}/os-interface/${encodeURIComponent(port)}`;
    await api.ask("compute", { method: "DELETE", path });
    const text = `Server ${id} does without the network card ${port}`;
    cli.print({ json: { id, port }, text: printable(text) });
  },
};
