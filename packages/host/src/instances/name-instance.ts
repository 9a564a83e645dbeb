import { HostError } from "../errors.ts";
import type { Instance } from "./instance.ts";

/** An error of an exchange with a guest, which tells of a domain, for a user, who knows the instance alone. */
export function nameInstance(error: unknown, { name }: Pick<Instance, "name">): unknown {
  if (!(error instanceof HostError) || error.facts.domid === undefined) return error;
  const where = new RegExp(`\\b(?:(D)|d)omain ${error.facts.domid}\\b`);
  // Where it went from there is told of the same guest.
  const text = error.message.replace(where, (domain: string, capital: string | undefined) => {
    const word = capital === undefined ? "instance" : "Instance";
    return `${word} "${name}" (${domain.toLowerCase()})`;
  });
  if (text === error.message) return error;
  return new HostError(error.code, text, { ...error.facts, cause: error });
}
