import { parseArgs } from "node:util";
import { installDebianPackages } from "@nova-agent/testbed";
import { benchAgent } from "./agent.ts";
import { benchApi } from "./api.ts";
import { benchBuild } from "./build.ts";
import { benchFootprint } from "./footprint.ts";
import { benchNetwork } from "./network.ts";
import { benchOperations } from "./operations.ts";
import { benchPanel } from "./panel.ts";
import { benchXenstore } from "./xenstore.ts";

/** What every bench is told. */
interface BenchOptions {
  /** Fewer and shorter rounds: to see that a bench works, not to believe its figures. */
  readonly isQuick: boolean;
}

/** The benches by name. A new one is a row here. */
const benches: Readonly<Record<string, (options: BenchOptions) => Promise<void>>> = {
  xenstore: benchXenstore,
  agent: benchAgent,
  network: benchNetwork,
  footprint: benchFootprint,
  api: benchApi,
  operations: benchOperations,
  build: benchBuild,
  panel: benchPanel,
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: "boolean", default: false } },
});
const names = positionals.length === 0 ? Object.keys(benches) : positionals;
const unknown = names.filter((name) => benches[name] === undefined);
if (unknown.length > 0) {
  console.error(`No such bench: ${unknown.join(", ")}. There are: ${Object.keys(benches).join(", ")}`);
  process.exitCode = 2;
} else {
  await installDebianPackages({ log: console.log });
  for (const name of names) await benches[name]?.({ isQuick: values.quick });
}
