import type { InventoryRepository } from "@nova-agent/host";
import type { ServiceConfiguration } from "./configuration/service-configuration.ts";

/** Puts what the configuration names and the database does not know yet into it; nothing is changed or removed. */
export async function fillConfigured(
  inventory: InventoryRepository,
  { images, flavors, networks }: Pick<ServiceConfiguration, "images" | "flavors" | "networks">,
  { newId, now }: { readonly newId: () => string; readonly now: () => Date },
): Promise<void> {
  const references = new Set((await inventory.images()).map(({ reference }) => reference));
  for (const { shown } of images) {
    if (references.has(shown.reference)) continue;
    await inventory.insertImage({ ...shown, id: newId(), createdAt: now() });
  }
  const ids = new Set((await inventory.flavors()).map(({ id }) => id));
  for (const flavor of flavors) if (!ids.has(flavor.id)) await inventory.insertFlavor(flavor);
  // Of no project: those that everybody may use.
  const names = new Set((await inventory.networks("")).map(({ name }) => name));
  for (const network of networks) {
    if (!names.has(network.name)) await inventory.insertNetwork({ ...network, id: newId() });
  }
}
