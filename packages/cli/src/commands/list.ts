import { type DomainSummary, listDomains } from "@nova-agent/host";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { printable } from "../text/escape.ts";
import { renderTable } from "../text/table.ts";

/** `guestctl list` */
export function addListCommand(program: Command, cli: Cli): void {
  program
    .command("list")
    .summary("list the domains of this host")
    .description("Lists the domains of this host. Whether an agent answers shows only by asking it.")
    .action(async () => {
      const domains = await cli.withXenstore(listDomains);
      cli.print({ json: { domains: domains.map(viewDomain) }, text: renderDomains(domains) });
    });
}

function viewDomain(domain: DomainSummary): unknown {
  const { domid, name, uuid, hasData } = domain;
  return { domid, name: name ?? null, uuid: uuid ?? null, hasData };
}

function renderDomains(domains: readonly DomainSummary[]): string {
  const rows = domains.map((domain) => [
    String(domain.domid),
    printable(domain.name ?? "-"),
    printable(domain.uuid ?? "-"),
    domain.hasData ? "yes" : "no",
  ]);
  return renderTable(["DOMID", "NAME", "UUID", "DATA"], rows);
}
