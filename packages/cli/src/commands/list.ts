import { type DomainSummary, listDomains } from "@nova-agent/host";
import type { Command } from "../command-line/command.ts";
import { printable } from "../text/escape.ts";
import { renderTable } from "../text/table.ts";

/** `guestctl list` */
export const listCommand: Command = {
  name: "list",
  summary: "list the domains of this host",
  description: "Lists the domains of this host. Whether an agent answers shows only by asking it.",
  async run(_given, cli) {
    const domains = await cli.withXenstore(listDomains);
    cli.print({ json: { domains: domains.map(viewDomain) }, text: renderDomains(domains) });
  },
};

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
