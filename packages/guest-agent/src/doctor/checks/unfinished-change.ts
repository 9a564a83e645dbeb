import { type Check, ok, warning } from "../finding.ts";
import { isLive, restartingFix } from "../fixes.ts";

/** Whether a change of the network was cut off, so that its files are half old and half new. */
export const unfinishedChange: Check = {
  name: "unfinished-change",
  look: (facts) => {
    if (!facts.isChangeCutOff) return [ok("None")];
    const root = isLive(facts) ? "" : ` --root ${facts.root}`;
    const fix = isLive(facts) ? restartingFix("nova-agent", facts) : `nova-agent undo${root}`;
    return [warning("A change of the network was cut off and is not taken back", fix)];
  },
};
