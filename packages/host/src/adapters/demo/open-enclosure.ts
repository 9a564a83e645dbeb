import type { Enclosure, EnclosureKind, EnclosureOptions } from "./enclosure.ts";
import { DemoError } from "./errors.ts";
import { openNamespaces } from "./namespace-enclosure.ts";
import { openRootTree } from "./root-tree-enclosure.ts";

/** An enclosure and, where it is not the better kind, why. */
export interface OpenedEnclosure {
  readonly enclosure: Enclosure;
  readonly reason?: string;
}

/**
 * Opens the wanted kind of enclosure. `auto` takes namespaces where the machine allows them, and else a
 * root tree. Throws a DemoError; nothing is left behind then.
 */
export async function openEnclosure(
  kind: EnclosureKind | "auto",
  options: EnclosureOptions,
): Promise<OpenedEnclosure> {
  if (kind === "root-tree") return { enclosure: await openRootTree(options), reason: "asked for" };
  try {
    return { enclosure: await openNamespaces(options) };
  } catch (error) {
    if (kind === "namespaces" || !(error instanceof DemoError)) throw error;
    return { enclosure: await openRootTree(options), reason: error.message };
  }
}
