import type { ApiClient } from "../api/api-client.ts";
import { credentialOptions } from "../api/credentials.ts";
import { type Fields, fieldsOf, textOf } from "../api/fields.ts";
import { findId } from "../api/find.ts";
import { followServer } from "../api/follow-server.ts";
import { openApi } from "../api/open-api.ts";
import { keepingPassword, printReady } from "../api/server-password.ts";
import type { Cli } from "../cli.ts";
import type { Command } from "../command-line/command.ts";
import type { Given } from "../command-line/given.ts";
import { usageError } from "../errors.ts";
import { readTextPassword } from "../password-source.ts";

/** `guestctl build NAME --image IMAGE --flavor FLAVOR` */
export const buildCommand: Command = {
  name: "build",
  summary: "build a server, and wait until its guest is set up",
  description:
    "Builds a server, and tells each step until it is ACTIVE, or ERROR and why. The password is made " +
    "by the API and printed at the end, unless it comes from a file. Ctrl-C ends the wait alone. This asks " +
    "the API.",
  arguments: [{ name: "name", description: "name of the new server" }],
  options: [
    { name: "image", value: "image", description: "id or name of what it boots from; required" },
    { name: "flavor", value: "flavor", description: "id or name of its size; required" },
    {
      name: "network",
      value: "network",
      isList: true,
      description: "id or name of a network, once for each; the shared ones without it",
    },
    { name: "password-file", value: "file", description: "read its password from the first line of a file" },
    ...credentialOptions,
  ],
  async run(given, cli) {
    const [image, flavor] = [requireText(given, "image"), requireText(given, "flavor")];
    const file = given.text("password-file");
    const api = await openApi(given, cli);
    const networks = given.texts("network");
    const server = {
      name: given.word("name"),
      imageRef: await findId(api, "image", image),
      flavorRef: await findId(api, "flavor", flavor),
      networks: networks.length === 0 ? "auto" : await findNetworks(api, networks),
      ...(file === undefined
        ? {}
        : { adminPass: (await readTextPassword({ isGenerated: false, file }, cli)).text }),
    };
    await buildServer(api, { cli, server, isGenerated: file === undefined });
  },
};

async function findNetworks(api: ApiClient, meant: readonly string[]): Promise<readonly Fields[]> {
  const found: Fields[] = [];
  for (const network of meant) found.push({ uuid: await findId(api, "network", network) });
  return found;
}

async function buildServer(
  api: ApiClient,
  { cli, server, isGenerated }: { readonly cli: Cli; readonly server: Fields; readonly isGenerated: boolean },
): Promise<void> {
  const { body, requestId } = await api.ask("compute", {
    method: "POST",
    path: "/servers",
    body: { server },
  });
  const created = fieldsOf(body, "server");
  const id = textOf(created, "id");
  // The API gives none to an image without an agent.
  const hasPassword = isGenerated && created["adminPass"] !== undefined;
  const generated = hasPassword ? textOf(created, "adminPass") : undefined;
  cli.remark(`Server ${id} is being built`);
  await keepingPassword({ cli, generated }, async () => {
    await followServer(api, { cli, serverId: id, requestId, wanted: "ACTIVE" });
    printReady(cli, { id, status: "ACTIVE" }, generated);
  });
}

function requireText(given: Given, option: string): string {
  const text = given.text(option);
  if (text === undefined) throw usageError(`option '--${option}' is required`);
  return text;
}
