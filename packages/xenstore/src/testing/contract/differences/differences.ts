import type { Differences, StoreName } from "../contract.ts";
import { cDifferences } from "./c.ts";
import { ourDifferences } from "./ours.ts";
import { oxDifferences } from "./ox.ts";

const differences: Readonly<Record<StoreName, Differences>> = {
  c: cDifferences,
  ox: oxDifferences,
  ours: ourDifferences,
};

/** The known differences of a store from the scripts. */
export function differencesOf(store: StoreName): Differences {
  return differences[store];
}
