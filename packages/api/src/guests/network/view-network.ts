import { isFinished, type Network, type Operation, type Port } from "@nova-agent/host";
import type { ComparedCard } from "./compare-network.ts";

/** Cards as the database has them beside what their guest has, and how the last reset ended. */
export function viewNetwork(cards: readonly ComparedCard[], lastReset: Operation | undefined): object {
  return {
    interfaces: cards.map(viewCard),
    last_reset: lastReset === undefined ? null : viewReset(lastReset),
  };
}

function viewCard({ port, network, vif, mac, applied, differences }: ComparedCard): object {
  return {
    port_id: port?.id ?? null,
    vif,
    network: network?.name ?? null,
    mac,
    wanted: port === undefined || network === undefined ? null : viewWanted(port, network),
    applied: applied === undefined ? null : { addresses: applied },
    differences,
  };
}

function viewWanted({ fixedIps }: Port, network: Network): object {
  return {
    addresses: fixedIps.map(({ address, prefixLength }) => `${address}/${prefixLength}`),
    gateway: network.gateway ?? null,
    gateway6: network.gateway6 ?? null,
    dns: network.dns,
    routes: network.routes,
  };
}

function viewReset(operation: Operation): object {
  const { state, message, error, updatedAt } = operation;
  const words = error?.message ?? message ?? "";
  const open = isFinished(operation) ? "" : "The guest has not answered yet";
  return { at: updatedAt.toISOString(), result: state, words: words === "" ? open : words };
}
