import { addressesOf } from "../api/cards.ts";
import { credentialOptions } from "../api/credentials.ts";
import { fieldsOf, textOf } from "../api/fields.ts";
import { findId } from "../api/find.ts";
import { openApi } from "../api/open-api.ts";
import type { Command } from "../command-line/command.ts";
import { printable } from "../text/escape.ts";
import { serverArgument } from "./server-argument.ts";

/** `guestctl network attach SERVER NETWORK` */
export const networkAttachCommand: Command = {
  name: "network attach",
  summary: "give a server a network card in a network",
  description:
    "Gives a server a network card, and waits until its guest uses it; a guest that refuses has it taken " +
    "away again. This asks the API.",
  arguments: [serverArgument, { name: "network", description: "id or name of the network" }],
  options: credentialOptions,
  async run(given, cli) {
    const api = await openApi(given, cli);
    const id = await findId(api, "server", given.word("server"));
    const networkId = await findId(api, "network", given.word("network"));
    const { body } = await api.ask("compute", {
      method: "POST",
      path: `/servers/${encodeURIComponent(id)}/os-interface`,
      body: { interfaceAttachment: { net_id: networkId } },
    });
    const port = fieldsOf(body, "interfaceAttachment");
    const portId = textOf(port, "port_id");
    const [mac, addresses] = [textOf(port, "mac_addr"), addressesOf(port)];
    const text = `Server ${id} has the network card ${portId}, ${mac}, with ${addresses.join(", ")}`;
    cli.print({ json: { id, port: portId, mac, addresses }, text: printable(text) });
  },
};
