import { credentialOptions } from "../api/credentials.ts";
import { findId } from "../api/find.ts";
import { followServer } from "../api/follow-server.ts";
import { openApi } from "../api/open-api.ts";
import { printReady } from "../api/server-password.ts";
import type { Command } from "../command-line/command.ts";
import { serverArgument } from "./server-argument.ts";

/** `guestctl unrescue SERVER` */
export const unrescueCommand: Command = {
  name: "unrescue",
  summary: "boot a rescued server from its own disk again",
  description: "Boots a rescued server from its own disk again, and waits until it runs. This asks the API.",
  arguments: [serverArgument],
  options: credentialOptions,
  async run(given, cli) {
    const api = await openApi(given, cli);
    const id = await findId(api, "server", given.word("server"));
    const { requestId } = await api.ask("compute", {
      method: "POST",
      path: `/servers/${encodeURIComponent(id)}/action`,
      body: { unrescue: null },
    });
    await followServer(api, { cli, serverId: id, requestId, wanted: "ACTIVE" });
    printReady(cli, { id, status: "ACTIVE" }, undefined);
  },
};
