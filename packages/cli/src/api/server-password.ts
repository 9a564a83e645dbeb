import type { Cli } from "../cli.ts";

/** A server that has come to where it should. */
interface ReadyServer {
  readonly id: string;
  readonly status: string;
}

/** Prints that a server is ready, with the password when nobody else knows it. */
export function printReady(cli: Cli, { id, status }: ReadyServer, generated: string | undefined): void {
  const json = { id, status };
  if (generated === undefined) {
    cli.print({ json, text: `Server ${id} is ${status}` });
  } else {
    cli.remark(`Server ${id} is ${status} and has this password, which is shown only here:`);
    cli.print({ json: { ...json, password: generated }, text: generated });
  }
}

/** Runs what gives a server a password. Should it fail, the server may have it, and nobody would know it. */
export async function keepingPassword(
  { cli, generated }: { readonly cli: Cli; readonly generated: string | undefined },
  body: () => Promise<void>,
): Promise<void> {
  try {
    await body();
  } catch (error) {
    if (generated !== undefined) {
      cli.terminal.writeError(`If the server has it or gets it later, its password is: ${generated}\n`);
    }
    throw error;
  }
}
