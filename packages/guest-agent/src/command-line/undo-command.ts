import type { Logger } from "../log.ts";
import { printable } from "../printable.ts";
import { recover } from "../system/executor.ts";
import { undoAll } from "../system/originals.ts";
import type { System } from "../system/system.ts";

/** What `nova-agent undo` needs. */
export interface UndoCommandOptions {
  readonly system: System;
  readonly log: Logger;
  /** The directory under which the guest's files are, `/` on a guest. */
  readonly root: string;
  /** Whether the agent would bring the host's network about again when it starts. */
  readonly isAppliedAtStart: boolean;
  readonly print: (text: string) => void;
}

const KERNEL_HINT =
  "The network in the kernel stays as it is until its services, or the guest, are started anew.\n";

const START_HINT =
  "The agent would apply the host's network again when it starts: apply_at_start = no keeps it from that.\n";

/**
 * Gives the guest back the files that it had before the agent first changed its network or host name,
 * and says which. Returns whether all of them could be given back.
 */
export async function runUndoCommand(options: UndoCommandOptions): Promise<boolean> {
  const { system, log, root, isAppliedAtStart, print } = options;
  // What a change that was cut off has left would be taken back at the next start, over the originals.
  await recover({ system, root, log });
  const { paths, losses } = await undoAll({ system, root, log });
  for (const path of paths) print(`${printable(path)} is as it was\n`);
  for (const loss of losses) print(`${printable(loss)}\n`);
  if (paths.length === 0 && losses.length === 0) print("Nothing to undo\n");
  if (paths.length > 0) print(KERNEL_HINT + (isAppliedAtStart ? START_HINT : ""));
  return losses.length === 0;
}
