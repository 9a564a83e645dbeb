import type { Cli } from "../cli.ts";
import type { Given } from "../command-line/given.ts";
import { CliError } from "../errors.ts";
import { ApiClient } from "./api-client.ts";
import { readCredentials } from "./credentials.ts";

/** The API that the environment names. Throws NO_HTTP in the static executable, and USAGE without credentials. */
export async function openApi(given: Given, cli: Cli): Promise<ApiClient> {
  const access = cli.host.api;
  if (access === undefined) {
    throw new CliError(
      "NO_HTTP",
      "This executable speaks to XenStore alone, and the command asks the API. Use the guestctl that runs " +
        "on Node",
    );
  }
  const credentials = await readCredentials(access, { given, cli });
  return ApiClient.open(credentials, { access, signal: cli.signal, timeoutMs: cli.timeoutMs });
}
