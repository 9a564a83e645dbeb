import { type Check, warning } from "../finding.ts";

/** Whether the server boots a rescue system in place of its own. */
export const rescue: Check = {
  name: "rescue",
  look: ({ instance, image }) =>
    instance.vmState === "rescued"
      ? [
          warning(
            `The server runs a rescue system, ${image?.name ?? "an image that is gone"}, beside its own disk`,
            "Leave rescue mode when its disk is mended",
          ),
        ]
      : [],
};
