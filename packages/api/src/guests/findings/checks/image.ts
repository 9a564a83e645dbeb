import { mayHaveAgent } from "@nova-agent/host";
import { type Check, ok, problem, skipped } from "../finding.ts";

/** Whether what runs has an agent at all. */
export const image: Check = {
  name: "image",
  look: ({ image, instance }) => {
    if (image === undefined) return [skipped("The image of the server is not known any more")];
    if (image.hasAgent) return [ok(`The image ${image.name} has an agent`)];
    if (mayHaveAgent(instance, false)) return [ok("An agent was installed in the guest")];
    const what = `The image ${image.name} has no agent: passwords and networks are not set`;
    return [problem(what, "Install nova-agent in the guest, or use an image that has it")];
  },
};
