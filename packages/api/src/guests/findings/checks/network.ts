import type { ComparedCard } from "../../network/compare-network.ts";
import { type Check, type Found, ok, skipped, warning } from "../finding.ts";

/** Whether the guest is told of its network cards, and uses them so. */
export const network: Check = {
  name: "network",
  look: ({ cards, sight, instance }) => {
    if (sight === undefined) return [skipped("Without a domain no network is told of")];
    if (instance.taskState === "networking") return [skipped("The network is being changed")];
    const found = cards.flatMap(lookAt);
    if (found.length > 0) return found;
    const isCompared = cards.some(({ applied }) => applied !== undefined);
    return [
      ok(isCompared ? "The guest has the network that it should have" : "The guest is told of its network"),
    ];
  },
};

function lookAt({ differences, network, mac, port }: ComparedCard): readonly Found[] {
  const card = `Card ${mac}${network === undefined ? "" : ` in ${network.name}`}`;
  const fix =
    port === undefined
      ? "Reboot the server hard: its domain gets the cards of the database"
      : "Reset the network; if vm-data is named, inject the network information before";
  return differences.map((difference) => warning(`${card}: ${difference}`, fix));
}
