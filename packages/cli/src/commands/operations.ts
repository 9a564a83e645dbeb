import { credentialOptions } from "../api/credentials.ts";
import { type Fields, isFields, listOf, textOf } from "../api/fields.ts";
import { findId } from "../api/find.ts";
import { openApi } from "../api/open-api.ts";
import type { Command } from "../command-line/command.ts";
import { OPERATIONS_SHOWN } from "../limits.ts";
import { parseCount } from "../text/parse-seconds.ts";
import { printable } from "../text/escape.ts";
import { renderTable } from "../text/table.ts";
import { serverArgument } from "./server-argument.ts";

/** `guestctl operations [SERVER]` */
export const operationsCommand: Command = {
  name: "operations",
  summary: "list what was asked of guests",
  description:
    "Lists what was asked of the guests of the project, or of one server, the newest first. --json shows " +
    "the timeline of each too. This asks the API.",
  arguments: [
    { ...serverArgument, description: "id or name of the server; all of them without it", fallback: "" },
  ],
  options: [
    { name: "unfinished", description: "only what is still under way" },
    { name: "limit", value: "number", parse: parseCount, description: "no more than so many" },
    ...credentialOptions,
  ],
  async run(given, cli) {
    const api = await openApi(given, cli);
    const server = given.word("server");
    const filters = [
      `limit=${given.number("limit") ?? OPERATIONS_SHOWN}`,
      ...(server === "" ? [] : [`instance=${encodeURIComponent(await findId(api, "server", server))}`]),
      ...(given.has("unfinished") ? ["is_finished=false"] : []),
    ];
    const { body } = await api.ask("guest-operations", { path: `/operations?${filters.join("&")}` });
    cli.print({ json: body, text: renderOperations(listOf(body, "operations")) });
  },
};

function renderOperations(operations: readonly Fields[]): string {
  const rows = operations.map((operation) =>
    [
      textOf(operation, "created_at"),
      textOf(operation, "instance_id"),
      textOf(operation, "kind"),
      textOf(operation, "state"),
      resultOf(operation),
    ].map(printable),
  );
  return renderTable(["CREATED", "SERVER", "KIND", "STATE", "RESULT"], rows);
}

/** Why it failed, else what the guest said. */
function resultOf({ error, message }: Fields): string {
  if (isFields(error) && typeof error["message"] === "string") return error["message"];
  return typeof message === "string" && message !== "" ? message : "-";
}
