import { credentialOptions } from "../api/credentials.ts";
import { findId } from "../api/find.ts";
import { followServer } from "../api/follow-server.ts";
import { openApi } from "../api/open-api.ts";
import { keepingPassword, printReady } from "../api/server-password.ts";
import type { Command } from "../command-line/command.ts";
import { readTextPassword } from "../password-source.ts";
import { serverArgument } from "./server-argument.ts";

/** `guestctl rescue SERVER` */
export const rescueCommand: Command = {
  name: "rescue",
  summary: "boot a rescue system beside a server's own disk",
  description:
    "Boots a rescue system with the server's own disk as the second one, /dev/xvdb, and waits until it is " +
    "there. Its password is asked for twice without echo, or read from standard input up to the first " +
    "line break; it is never an argument. This asks the API.",
  arguments: [serverArgument],
  options: [
    { name: "image", value: "image", description: "id or name of the rescue system's image" },
    {
      name: "password-file",
      value: "file",
      description: "read the password from the first line of a file",
      conflictsWith: "generate",
    },
    { name: "generate", description: "make a password, and print it once the rescue system has it" },
    ...credentialOptions,
  ],
  async run(given, cli) {
    const api = await openApi(given, cli);
    const id = await findId(api, "server", given.word("server"));
    const image = given.text("image");
    const own = image === undefined ? {} : { rescue_image_ref: await findId(api, "image", image) };
    const isGenerated = given.has("generate");
    const password = await readTextPassword({ isGenerated, file: given.text("password-file") }, cli);
    const { requestId } = await api.ask("compute", {
      method: "POST",
      path: `/servers/${encodeURIComponent(id)}/action`,
      body: { rescue: { adminPass: password.text, ...own } },
    });
    await keepingPassword({ cli, generated: password.generated }, async () => {
      await followServer(api, { cli, serverId: id, requestId, wanted: "RESCUE" });
      printReady(cli, { id, status: "RESCUE" }, password.generated);
    });
  },
};
