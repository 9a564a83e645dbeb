import type { Command } from "./command.ts";
import { doctor } from "./doctor.ts";
import { featuresOf } from "./features.ts";
import { fileInject } from "./file-inject.ts";
import { injectfile } from "./injectfile.ts";
import { keyinit } from "./keyinit.ts";
import { kmsactivate } from "./kmsactivate.ts";
import { password } from "./password.ts";
import { agentupdate } from "./refused.ts";
import { resetnetwork } from "./resetnetwork.ts";
import { version } from "./version.ts";

/** Every command but `features`, in the order in which it lists them. A new command gets its row here. */
const rows: readonly Command[] = [
  version,
  keyinit,
  password,
  injectfile,
  fileInject,
  resetnetwork,
  kmsactivate,
  agentupdate,
  doctor,
];

/** The commands by name. A Map, so that no name finds a property that every object has. */
export const commands: ReadonlyMap<string, Command> = new Map(
  [...rows, featuresOf(rows)].map((command) => [command.name, command]),
);
