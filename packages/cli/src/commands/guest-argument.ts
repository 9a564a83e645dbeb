import { Argument } from "commander";

/** The guest that a command is for. */
export function guestArgument(): Argument {
  return new Argument("<guest>", "domid or name of the guest");
}
