import type { Watch } from "@nova-agent/xenstore";
import type { Cli } from "../cli.ts";
import type { Command } from "../command-line/command.ts";
import { parseCount } from "../text/parse-seconds.ts";
import { printable } from "../text/escape.ts";

/** `guestctl watch PATH` */
export const watchCommand: Command = {
  name: "watch",
  summary: "print changes in XenStore",
  description:
    "Prints the path of every change at or below a path until Ctrl-C. The first line is the path itself.",
  arguments: [{ name: "path", description: "path in XenStore, or @introduceDomain or @releaseDomain" }],
  options: [{ name: "count", value: "number", parse: parseCount, description: "stop after so many lines" }],
  run: (given, cli) =>
    cli.withXenstore(async (xenstore) => {
      const watch = xenstore.watch(given.word("path"));
      const stop = (): void => void watch.close();
      cli.signal.addEventListener("abort", stop, { once: true });
      if (cli.signal.aborted) stop();
      await printEvents(watch, { cli, count: given.number("count") ?? Number.POSITIVE_INFINITY });
    }),
};

async function printEvents(
  watch: Watch,
  { cli, count }: { readonly cli: Cli; readonly count: number },
): Promise<void> {
  await watch.ready;
  let printed = 0;
  for await (const event of watch) {
    cli.print({ json: { path: event.path }, text: printable(event.path) });
    printed += 1;
    if (printed >= count) break;
  }
  await watch.close();
}
